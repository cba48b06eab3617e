// meta.k8s.io Tables: the columns that `kubectl get` shows.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "base/run_time.h"
#include "k8s/demo/api/store.h"
#include "k8s/demo/api/views.h"

namespace surgeproof::demo {

/// Which part of an object a row carries (the request's includeObject).
enum class RowObject { none, metadata, object };

/// The table of a list or of one object; `shown` are the objects as the view presents them, `stored` as the store holds
/// them. `columns` false leaves the column definitions out (every watch event after the first).
boost::json::object make_table(const View& view, const std::vector<ObjectPtr>& stored, WallTime now, RowObject include,
                               bool columns);

/// apiVersion, kind (PartialObjectMetadata) and metadata of an object.
boost::json::object make_partial_metadata(const boost::json::object& shown);

struct Column {
  std::string_view name;
  std::string_view type = "string";
  bool wide = false;  ///< only with -o wide
};

/// Columns after which the printers below order their cells. Source: pkg/printers/internalversion/printers.go.
std::vector<Column> columns_of(const ResourceType& type);
boost::json::array cells_of(const ResourceType& type, const boost::json::object& object, WallTime now);

boost::json::array pod_cells(const boost::json::object& pod, WallTime now);
boost::json::array hpa_cells(const boost::json::object& hpa, WallTime now);
boost::json::array event_cells(const boost::json::object& event, WallTime now);
boost::json::array node_cells(const boost::json::object& node, WallTime now);
boost::json::array service_cells(const boost::json::object& service, WallTime now);
boost::json::array endpoint_slice_cells(const boost::json::object& slice, WallTime now);

/// Of an object, from its creationTimestamp.
std::string age_of_object(const boost::json::object& object, WallTime now);

/// "cpu: 35%/70%, 100m/200m + 1 more..."
std::string hpa_targets(const boost::json::object& hpa);

}  // namespace surgeproof::demo

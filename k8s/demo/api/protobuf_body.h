// Request bodies in Kubernetes' protobuf, which kubectl from 1.32 on sends for what it makes up itself (create
// deployment, create namespace, autoscale, expose, …). Answers are always JSON, which every client takes.
#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>
#include <string_view>

namespace surgeproof::demo {

/// The object as JSON. Knows the kinds that can be created here, and their fields as far as those commands use them;
/// a field that it does not know is an error rather than lost.
/// Source of the numbers: k8s.io/api/*/generated.proto; envelope: apimachinery's runtime/serializer/protobuf.
std::expected<boost::json::object, std::string> decode_protobuf(std::string_view body);

}  // namespace surgeproof::demo

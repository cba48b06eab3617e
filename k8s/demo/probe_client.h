// The kubelet's HTTP probe: one GET on a connection of its own, under a time limit.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "k8s/demo/container_runtime.h"

namespace surgeproof::demo {

/// 200 to 399 is a success. Answers once, from `io`; messages as the kubelet words them (pkg/probe/http).
void probe_http(boost::asio::io_context& io, const std::string& ip, const HttpProbe& probe,
                std::function<void(ProbeAnswer)> done);

}  // namespace surgeproof::demo

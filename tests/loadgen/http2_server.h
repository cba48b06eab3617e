// HTTP/2 for the scripted server, with or without TLS.
#pragma once

#include <functional>
#include <vector>

#include "tests/loadgen/http2_peer.h"
#include "tests/loadgen/scripted_server.h"
#include "tests/loadgen/tls_peer.h"

namespace surgeproof::loadgen {

/// One connection, as its script sees it.
struct Http2Serving {
  Http2Peer& peer;
  const Http2Peer::Request& request;  ///< a whole one that has just come
  std::uint64_t connection = 0;       ///< its number, from 1
  std::uint64_t count = 0;            ///< of the request on it, from 1
  bool hang_up = false;               ///< set it to close the connection once what was said is written
};
/// Runs on the connection's thread.
using Http2Handler = std::function<void(Http2Serving&)>;

/// `tls` must outlive the server; null: h2c.
ScriptedServer::Script http2_script(Http2Handler handler, std::vector<nghttp2_settings_entry> settings = {},
                                    const TlsServerContext* tls = nullptr);

}  // namespace surgeproof::loadgen

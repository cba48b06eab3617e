// A self-signed certificate and the TLS side of a scripted connection.
#pragma once

#include <memory>
#include <string>

#include "tests/loadgen/scripted_server.h"

namespace surgeproof::loadgen {

/// A key and a certificate for one IP address, made up on the spot.
class TlsIdentity {
 public:
  explicit TlsIdentity(const std::string& ip_address);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  /// The certificate in PEM, in a file that lives as long as this.
  [[nodiscard]] const std::string& ca_file() const { return file_; }
  /// Shakes hands, then gives `bytes` for every request. The identity must outlive the server.
  [[nodiscard]] ScriptedServer::Script always(std::string bytes) const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::string file_;
};

}  // namespace surgeproof::loadgen

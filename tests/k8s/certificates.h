// Certificates for TLS tests, made anew in each run.
#pragma once

#include <memory>
#include <string>

namespace surgeproof::k8s {

struct CertificateOptions {
  std::string name = "";              ///< common name
  std::string alternative_name = "";  ///< "IP:127.0.0.1" or "DNS:api.test"; empty: none
  bool authority = false;             ///< may sign others
  int valid_from_s = -3600;           ///< relative to now
  int valid_until_s = 3600;
};

/// A key and its certificate.
class Certificate {
 public:
  /// Signed by `issuer`, or by itself.
  explicit Certificate(const CertificateOptions& options, const Certificate* issuer = nullptr);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace surgeproof::k8s

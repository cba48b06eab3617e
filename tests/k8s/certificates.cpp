#include "tests/k8s/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace surgeproof::k8s {

struct Certificate::Parts {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
};

namespace {

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (!extension) throw std::runtime_error("certificate extension: " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

template <class Write>
std::string pem_of(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

}  // namespace

Certificate::Certificate(const CertificateOptions& options, const Certificate* issuer)
    : parts_(std::make_unique<Parts>()) {
  static std::atomic<long> serial{1};
  parts_->key = EVP_EC_gen("P-256");
  X509* certificate = parts_->certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), options.valid_from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), options.valid_until_s);
  X509_set_pubkey(certificate, parts_->key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(options.name.c_str()), -1, -1, 0);
  X509* signer = issuer ? issuer->parts_->certificate : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  add_extension(certificate, signer, NID_basic_constraints, options.authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!options.alternative_name.empty())
    add_extension(certificate, signer, NID_subject_alt_name, options.alternative_name);
  X509_sign(certificate, issuer ? issuer->parts_->key : parts_->key, EVP_sha256());
}

Certificate::~Certificate() {
  X509_free(parts_->certificate);
  EVP_PKEY_free(parts_->key);
}

std::string Certificate::certificate_pem() const {
  return pem_of([&](BIO* out) { PEM_write_bio_X509(out, parts_->certificate); });
}

std::string Certificate::key_pem() const {
  return pem_of([&](BIO* out) { PEM_write_bio_PrivateKey(out, parts_->key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace surgeproof::k8s

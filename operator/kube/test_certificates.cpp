#include "operator/kube/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cassert>
#include <memory>

namespace ork::kube::testing {
namespace {

template <auto Free>
struct With {
  template <typename T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, With<X509_free>>;
using Bio = std::unique_ptr<BIO, With<BIO_free_all>>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  assert(extension != nullptr);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

Cert new_certificate(EVP_PKEY* key, const char* name) {
  Cert cert(X509_new());
  X509_set_version(cert.get(), 2);
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  serial[0] &= 0x7f;
  const std::unique_ptr<BIGNUM, With<BN_free>> number(BN_bin2bn(serial, sizeof serial, nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert.get()));
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86'400);
  X509_set_pubkey(cert.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return cert;
}

Certificate to_pem(X509* cert, EVP_PKEY* key) {
  const Bio cert_bio(BIO_new(BIO_s_mem()));
  const Bio key_bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(cert_bio.get(), cert);
  PEM_write_bio_PrivateKey(key_bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(cert_bio.get()), text_of(key_bio.get())};
}

}  // namespace

Certificate make_authority() {
  const Key key(EVP_EC_gen("P-256"));
  const Cert cert = new_certificate(key.get(), "ork test authority");
  X509_set_issuer_name(cert.get(), X509_get_subject_name(cert.get()));
  add_extension(cert.get(), cert.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(cert.get(), cert.get(), NID_key_usage, "critical,keyCertSign,digitalSignature");
  X509_sign(cert.get(), key.get(), EVP_sha256());
  return to_pem(cert.get(), key.get());
}

Certificate make_server_certificate(const Certificate& authority) {
  const Bio cert_bio(BIO_new_mem_buf(authority.cert_pem.data(), -1));
  const Bio key_bio(BIO_new_mem_buf(authority.key_pem.data(), -1));
  const Cert issuer(PEM_read_bio_X509(cert_bio.get(), nullptr, nullptr, nullptr));
  const Key issuer_key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  const Key key(EVP_EC_gen("P-256"));
  const Cert cert = new_certificate(key.get(), "ork test server");
  X509_set_issuer_name(cert.get(), X509_get_subject_name(issuer.get()));
  add_extension(cert.get(), issuer.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:ork.test");
  X509_sign(cert.get(), issuer_key.get(), EVP_sha256());
  return to_pem(cert.get(), key.get());
}

}  // namespace ork::kube::testing

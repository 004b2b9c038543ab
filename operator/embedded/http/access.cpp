#include "operator/embedded/http/access.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "operator/embedded/http/private_file.hpp"
#include "operator/kube/base64.hpp"

namespace ork::embedded {
namespace {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t valid_for = 730 * day;  // some clients refuse certificates of more than 825 days
constexpr std::int64_t renewed_before = 30 * day;
constexpr std::int64_t valid_since = day;  // a clock that was put back must not lock anyone out
constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_letters = 43;

std::string base64url(std::string_view bytes) {
  std::string text = kube::base64_encode(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

bool is_token(std::string_view text) {
  return text.size() == token_letters && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_';
         });
}

bool add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool add_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] &= 0x7f;
  const Number number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool add_name(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("ork dev");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool add_times(X509* certificate, std::int64_t now) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), now - valid_since) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), now + valid_for) != nullptr;
}

// It is an authority of its own, for itself: clients trust it because the kubeconfig holds it.
bool fill(X509* certificate, EVP_PKEY* key, std::int64_t now) {
  return X509_set_version(certificate, 2) == 1 && add_serial(certificate) && add_times(certificate, now) &&
         add_name(certificate) && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
         add_extension(certificate, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::optional<TlsIdentity> make_identity(std::int64_t now) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  const Bio certificate_pem(BIO_new(BIO_s_mem()));
  const Bio key_pem(BIO_new(BIO_s_mem()));
  if (!key || !certificate || !certificate_pem || !key_pem) return std::nullopt;
  if (!fill(certificate.get(), key.get(), now) || PEM_write_bio_X509(certificate_pem.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return std::nullopt;
  }
  return TlsIdentity{text_of(certificate_pem.get()), text_of(key_pem.get())};
}

bool is_good(const TlsIdentity& identity, std::int64_t now) {
  const Bio certificate_pem(
      BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size())));
  const Bio key_pem(BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size())));
  const Certificate certificate(PEM_read_bio_X509(certificate_pem.get(), nullptr, nullptr, nullptr));
  const Key key(PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr));
  if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1) return false;
  std::time_t later = now + renewed_before;
  std::time_t current = now;
  return X509_cmp_time(X509_get0_notAfter(certificate.get()), &later) > 0 &&
         X509_cmp_time(X509_get0_notBefore(certificate.get()), &current) < 0;
}

Result<std::string, std::string> token_in(const std::filesystem::path& folder) {
  if (auto token = read_private_file(folder / "api.token"); token && is_token(*token)) return *token;
  std::string bytes(token_bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), token_bytes) != 1) {
    return Err(std::string("OpenSSL has no random numbers for a token"));
  }
  std::string token = base64url(bytes);
  if (auto written = write_private_file(folder / "api.token", token); !written) return Err(written.error());
  return token;
}

Result<TlsIdentity, std::string> identity_in(const std::filesystem::path& folder, std::int64_t now) {
  auto certificate = read_private_file(folder / "api.crt");
  auto key = read_private_file(folder / "api.key");
  if (certificate && key) {
    TlsIdentity kept{*std::move(certificate), *std::move(key)};
    if (is_good(kept, now)) return kept;
  }
  auto made = make_identity(now);
  if (!made) return Err(std::string("OpenSSL could not make a certificate for the API"));
  if (auto written = write_private_file(folder / "api.key", made->key); !written) return Err(written.error());
  if (auto written = write_private_file(folder / "api.crt", made->certificate); !written) return Err(written.error());
  return *std::move(made);
}

}  // namespace

Result<Access, std::string> open_access(const std::filesystem::path& folder, std::int64_t now) {
  auto token = token_in(folder);
  if (!token) return Err(token.error());
  auto identity = identity_in(folder, now);
  if (!identity) return Err(identity.error());
  return Access{*std::move(token), *std::move(identity)};
}

}  // namespace ork::embedded

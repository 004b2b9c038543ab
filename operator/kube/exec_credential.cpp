#include "operator/kube/exec_credential.hpp"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "operator/kube/base64.hpp"

namespace ork::kube {
namespace {

using nlohmann::json;

std::string field_text(const json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

std::string exec_info(const ClientConfig& config, const ExecPlugin& plugin, std::string_view ca_pem) {
  json info = {{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", {{"interactive", false}}}};
  if (plugin.provide_cluster_info) {
    json& cluster = info["spec"]["cluster"];
    cluster["server"] = config.server;
    if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
    if (config.insecure_skip_tls_verify) cluster["insecure-skip-tls-verify"] = true;
    if (!ca_pem.empty()) cluster["certificate-authority-data"] = base64_encode(ca_pem);
  }
  return info.dump(-1, ' ', true, json::error_handler_t::replace);
}

std::optional<std::int64_t> parse_rfc3339(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) !=
      6) {
    return std::nullopt;
  }
  std::size_t at = static_cast<std::size_t>(used);
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  }
  const std::string zone = text.substr(at);
  int offset_minutes = 0;
  if (zone != "Z" && zone != "z") {
    int hours = 0, minutes = 0, end = 0;
    const bool signed_zone = !zone.empty() && (zone[0] == '+' || zone[0] == '-');
    if (!signed_zone || std::sscanf(zone.c_str() + 1, "%2d:%2d%n", &hours, &minutes, &end) != 2 || end != 5 ||
        zone.size() != 6) {
      return std::nullopt;
    }
    offset_minutes = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  const bool in_range =
      date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!in_range) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return std::int64_t{days} * 86'400 + hour * 3'600 + minute * 60 + second - offset_minutes * 60;
}

Result<ExecCredential, std::string> parse_exec_credential(std::string_view text, std::string_view api_version) {
  using Failed = Err<std::string>;
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return Failed("printed something that is not a JSON object");
  if (field_text(parsed, "kind") != "ExecCredential") return Failed("printed an object that is no ExecCredential");
  if (field_text(parsed, "apiVersion") != api_version) {
    return Failed("printed an ExecCredential of another apiVersion than " + std::string(api_version));
  }
  const auto status = parsed.find("status");
  if (status == parsed.end() || !status->is_object()) return Failed("printed an ExecCredential without a status");
  ExecCredential out{field_text(*status, "token"), field_text(*status, "clientCertificateData"),
                     field_text(*status, "clientKeyData"), std::nullopt};
  if (out.cert_pem.empty() != out.key_pem.empty())
    return Failed("printed a certificate without its key, or a key alone");
  if (out.token.empty() && out.cert_pem.empty()) return Failed("printed neither a token nor a certificate");
  const std::string expires = field_text(*status, "expirationTimestamp");
  if (expires.empty()) return out;
  out.expires = parse_rfc3339(expires);
  if (!out.expires) return Failed("printed an expirationTimestamp that is not a time");
  return out;
}

}  // namespace ork::kube

#include "operator/embedded/kinds/config_data.hpp"

#include <array>

#include "operator/embedded/kinds/base64.hpp"
#include "operator/embedded/kinds/object_meta.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

constexpr std::int64_t data_bytes = 1024 * 1024;

Problems key_problems(const Place& data) {
  Problems out;
  for (const auto& [key, value] : data.entries()) {
    for (const std::string& one : names::config_key(key)) out.push_back(problems::invalid(value.path(), key, one));
  }
  return out;
}

// An object that says so of itself never changes again.
Problems frozen_problems(const Place& now, const Place& before, std::initializer_list<const char*> fields) {
  Problems out;
  if (!before["immutable"].flag()) return out;
  const char* const text = "field is immutable when `immutable` is set";
  if (!now["immutable"].flag()) out.push_back(problems::forbidden("immutable", text));
  for (const char* field : fields) {
    if (now[field].value() != before[field].value()) out.push_back(problems::forbidden(field, text));
  }
  return out;
}

bool is_json_object(const std::string& text) { return Json::parse(text, nullptr, false).is_object(); }

Problems docker_problems(const Place& data, const std::string& key) {
  Place config = data.key(key);
  if (!data.value().is_object() || !data.value().contains(key)) return {problems::required(config.path(), "")};
  if (is_json_object(bytes_of(config.text()))) return {};
  return {problems::invalid(config.path(), "<secret contents redacted>", "invalid character in the JSON")};
}

Problems missing_keys(const Place& data, std::initializer_list<const char*> keys) {
  Problems out;
  for (const char* key : keys) {
    if (!data[key].present()) out.push_back(problems::required(data.key(key).path(), ""));
  }
  return out;
}

// Secrets of some types must hold what these are used for.
Problems type_problems(const Place& secret) {
  std::string type = secret["type"].text();
  Place data = secret["data"];
  if (type == "kubernetes.io/service-account-token") {
    Place name = secret["metadata"]["annotations"].key("kubernetes.io/service-account.name");
    return name.text().empty() ? Problems{problems::required(name.path(), "")} : Problems{};
  }
  if (type == "kubernetes.io/dockercfg") return docker_problems(data, ".dockercfg");
  if (type == "kubernetes.io/dockerconfigjson") return docker_problems(data, ".dockerconfigjson");
  if (type == "kubernetes.io/basic-auth") {
    Problems missing = missing_keys(data, {"username", "password"});
    return missing.size() == 2 ? missing : Problems{};
  }
  if (type == "kubernetes.io/ssh-auth" && data["ssh-privatekey"].text().empty()) {
    return {problems::required(data.key("ssh-privatekey").path(), "")};
  }
  return type == "kubernetes.io/tls" ? missing_keys(data, {"tls.crt", "tls.key"}) : Problems{};
}

}  // namespace

void default_secret(Json& secret) {
  auto texts = secret.find("stringData");
  if (texts != secret.end() && texts->is_object()) {
    Json& data = secret["data"];
    if (!data.is_object()) data = Json::object();
    for (const auto& [key, value] : texts->items()) {
      if (value.is_string()) data[key] = base64_of(value.get_ref<const std::string&>());
    }
    secret.erase("stringData");
  }
  if (!secret.contains("type")) secret["type"] = "Opaque";
}

std::vector<std::string> secret_warnings(const Json& secret) {
  Place now(secret, "");
  if (now["type"].text() != "kubernetes.io/tls") return {};
  const auto has_block = [&](const char* key) {
    return bytes_of(now["data"].key(key).text()).find("-----BEGIN ") != std::string::npos;
  };
  if (!has_block("tls.crt")) return {"tls: failed to find any PEM data in certificate input"};
  if (!has_block("tls.key")) return {"tls: failed to find any PEM data in key input"};
  return {};
}

Problems config_map_problems(const Json& config_map, const Json* old) {
  Problems out;
  Place now(config_map, "");
  if (old != nullptr) {
    append(out, core_meta_update_problems(config_map, *old));
    append(out, frozen_problems(now, Place(*old, ""), {"data", "binaryData"}));
  }
  append(out, core_meta_problems(config_map, true, names::subdomain_name));
  std::int64_t bytes = 0;
  for (const auto& [key, value] : now["data"].entries()) {
    for (const std::string& one : names::config_key(key)) out.push_back(problems::invalid(value.path(), key, one));
    if (now["binaryData"].value().is_object() && now["binaryData"].value().contains(key)) {
      out.push_back(problems::invalid(value.path(), key, "duplicate of key present in binaryData"));
    }
    bytes += static_cast<std::int64_t>(value.text().size());
  }
  append(out, key_problems(now["binaryData"]));
  for (const auto& [key, value] : now["binaryData"].entries()) {
    bytes += static_cast<std::int64_t>(base64_bytes(value.text()));
  }
  if (bytes > data_bytes) out.push_back(problems::too_long("[]", data_bytes));
  return out;
}

Problems secret_problems(const Json& secret, const Json* old) {
  Problems out;
  Place now(secret, "");
  if (old != nullptr) {
    append(out, core_meta_update_problems(secret, *old));
    append_if_changed(out, now["type"], Place(*old, "")["type"]);
    append(out, frozen_problems(now, Place(*old, ""), {"data"}));
  }
  append(out, core_meta_problems(secret, true, names::subdomain_name));
  append(out, key_problems(now["data"]));
  std::int64_t bytes = 0;
  for (const auto& [key, value] : now["data"].entries()) {
    bytes += static_cast<std::int64_t>(base64_bytes(value.text()));
  }
  if (bytes > data_bytes) out.push_back(problems::too_long("data", data_bytes));
  append(out, type_problems(now));
  return out;
}

}  // namespace ork::embedded

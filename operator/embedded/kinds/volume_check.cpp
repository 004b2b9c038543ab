#include "operator/embedded/kinds/volume_check.hpp"

#include <algorithm>
#include <array>

#include "operator/embedded/kinds/quantity.hpp"
#include "operator/embedded/schema/problems.hpp"

namespace ork::embedded {
namespace {

constexpr std::int64_t widest_mode = 0777;

// The sources of a volume, in the order in which Kubernetes looks at them.
constexpr std::array<const char*, 30> sources = {"emptyDir",
                                                 "hostPath",
                                                 "gitRepo",
                                                 "gcePersistentDisk",
                                                 "awsElasticBlockStore",
                                                 "secret",
                                                 "nfs",
                                                 "iscsi",
                                                 "glusterfs",
                                                 "flocker",
                                                 "persistentVolumeClaim",
                                                 "rbd",
                                                 "cinder",
                                                 "cephfs",
                                                 "quobyte",
                                                 "downwardAPI",
                                                 "fc",
                                                 "flexVolume",
                                                 "configMap",
                                                 "azureFile",
                                                 "vsphereVolume",
                                                 "photonPersistentDisk",
                                                 "portworxVolume",
                                                 "azureDisk",
                                                 "storageos",
                                                 "projected",
                                                 "scaleIO",
                                                 "csi",
                                                 "ephemeral",
                                                 "image"};

void append_mode_problem(Problems& out, const Place& mode) {
  if (mode.number() < 0 || mode.number() > widest_mode) {
    out.push_back(
        problems::invalid(mode.path(), mode.value(), "must be a number between 0 and 0777 (octal), both inclusive"));
  }
}

void require(Problems& out, const Place& text) {
  if (text.text().empty()) out.push_back(problems::required(text.path(), ""));
}

Problems backstep_problems(const Place& path, const std::string& field) {
  std::string text = "/" + path.text() + "/";
  if (text.find("/../") == std::string::npos) return {};
  return {problems::invalid(field, path.text(), "must not contain '..'")};
}

// A path of a file that is put into a volume.
Problems file_path_problems(const Place& path) {
  Problems out = descending_path_problems(path, path.path());
  std::string text = path.text();
  if (text.starts_with("..") && !text.starts_with("../") && text != "..") {
    out.push_back(problems::invalid(path.path(), text, "must not start with '..'"));
  }
  return out;
}

Problems key_to_path_problems(const Place& item) {
  Problems out;
  require(out, item["key"]);
  require(out, item["path"]);
  append(out, file_path_problems(item["path"]));
  append_mode_problem(out, item["mode"]);
  return out;
}

Problems files_problems(const Place& source, const char* name) {
  Problems out;
  require(out, source[name]);
  append_mode_problem(out, source["defaultMode"]);
  for (const Place& item : source["items"].items()) append(out, key_to_path_problems(item));
  return out;
}

Problems host_path_problems(const Place& source) {
  Problems out;
  require(out, source["path"]);
  if (!out.empty()) return out;
  append(out, backstep_problems(source["path"], source.path("path")));
  static const std::vector<std::string> types = {"",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
                                                 "File", "FileOrCreate", "Socket"};
  Place type = source["type"];
  if (std::find(types.begin(), types.end(), type.text()) == types.end()) {
    out.push_back(problems::not_supported(type.path(), type.text(), types));
  }
  return out;
}

// Messages name the volume's source, not the file.
Problems downward_file_problems(const Place& file, const std::string& at) {
  static const std::set<std::string> known = {"metadata.annotations", "metadata.labels", "metadata.name",
                                              "metadata.namespace", "metadata.uid"};
  Place named(file.value(), at);
  Problems out;
  require(out, named["path"]);
  append(out, file_path_problems(named["path"]));
  bool field = named["fieldRef"].present(), resource = named["resourceFieldRef"].present();
  if (field) {
    append(out, field_selector_problems(named["fieldRef"], known));
    if (resource) {
      out.push_back(
          problems::invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
    }
  } else if (resource) {
    append(out, resource_selector_problems(named["resourceFieldRef"], true));
  } else {
    out.push_back(problems::required(at, "one of fieldRef and resourceFieldRef is required"));
  }
  append_mode_problem(out, named["mode"]);
  return out;
}

Problems downward_problems(const Place& source) {
  Problems out;
  append_mode_problem(out, source["defaultMode"]);
  for (const Place& file : source["items"].items()) append(out, downward_file_problems(file, source.path()));
  return out;
}

class Projection {
 public:
  explicit Projection(const Place& volume) : volume_(volume) {}

  Problems problems() {
    append_mode_problem(out_, volume_["defaultMode"]);
    for (const Place& source : volume_["sources"].items()) one(source);
    return std::move(out_);
  }

 private:
  void one(const Place& source) {
    for (const char* name : {"secret", "configMap"}) {
      if (source[name].present()) files(source[name]);
    }
    if (source["downwardAPI"].present()) {
      for (const Place& file : source["downwardAPI"]["items"].items()) {
        append(out_, downward_file_problems(file, source.path("downwardAPI")));
        take(file["path"].text(), file["path"].text());
      }
    }
    if (source["serviceAccountToken"].present()) token(source["serviceAccountToken"]);
    if (source.size() > 1) {
      out_.push_back(problems::forbidden(source.path(), "may not specify more than 1 volume type per source"));
    }
  }

  void files(const Place& source) {
    require(out_, source["name"]);
    for (const Place& item : source["items"].items()) {
      append(out_, key_to_path_problems(item));
      take(item["path"].text(), source["name"].text());
    }
  }

  void token(const Place& source) {
    constexpr std::int64_t shortest = 600, longest = std::int64_t{1} << 32;
    Place expiration = source["expirationSeconds"];
    if (expiration.number() < shortest) {
      out_.push_back(
          problems::invalid(expiration.path(), expiration.number(), "may not specify a duration less than 10 minutes"));
    }
    if (expiration.number() > longest) {
      out_.push_back(problems::invalid(expiration.path(), expiration.number(),
                                       "may not specify a duration larger than 2^32 seconds"));
    }
    Place path(source["path"].value(), volume_.path("path"));
    require(out_, path);
    if (!path.text().empty()) append(out_, file_path_problems(path));
  }

  // Two files can't have one path; `shown` is what the message quotes.
  void take(const std::string& path, const std::string& shown) {
    if (path.empty() || paths_.insert(path).second) return;
    out_.push_back(problems::invalid(volume_.path(), shown, "conflicting duplicate paths"));
  }

  Place volume_;
  std::set<std::string> paths_;
  Problems out_;
};

Problems source_problems(const Place& volume, const std::string& name) {
  Place source = volume[name];
  if (name == "hostPath") return host_path_problems(source);
  if (name == "secret") return files_problems(source, "secretName");
  if (name == "configMap") return files_problems(source, "name");
  if (name == "downwardAPI") return downward_problems(source);
  if (name == "projected") return Projection(source).problems();
  Problems out;
  if (name == "persistentVolumeClaim") require(out, source["claimName"]);
  if (name == "nfs") {
    require(out, source["server"]);
    require(out, source["path"]);
    if (!source["path"].text().empty() && !source["path"].text().starts_with('/')) {
      out.push_back(problems::invalid(source.path("path"), source["path"].text(), "must be an absolute path"));
    }
  }
  if (name == "emptyDir" && source["sizeLimit"].text().starts_with('-')) {
    out.push_back(problems::forbidden(source.path("sizeLimit"), "SizeLimit field must be a valid resource quantity"));
  }
  return out;
}

Problems volume_problems(const Place& volume) {
  Problems out;
  bool found = false;
  for (const char* name : sources) {
    if (!volume[name].present()) continue;
    if (found) {
      // Two of Kubernetes' messages spell the field in their own way.
      std::string_view field = name == std::string_view("downwardAPI") ? "downwarAPI"
                               : name == std::string_view("cephfs")    ? "cephFS"
                                                                       : name;
      out.push_back(problems::forbidden(volume.path(field), "may not specify more than 1 volume type"));
    } else {
      found = true;
      append(out, source_problems(volume, name));
    }
  }
  if (!found) out.push_back(problems::required(volume.path(), "must specify a volume type"));
  return out;
}

}  // namespace

Problems descending_path_problems(const Place& path, const std::string& field) {
  Problems out;
  if (path.text().starts_with('/')) {
    out.push_back(problems::invalid(field, path.text(), "must be a relative path"));
  }
  append(out, backstep_problems(path, field));
  return out;
}

Problems field_selector_problems(const Place& selector, const std::set<std::string>& known) {
  Place version = selector["apiVersion"], path = selector["fieldPath"];
  for (const Place& text : {version, path}) {
    if (text.text().empty()) return {problems::required(text.path(), "")};
  }
  // Every field that some place of a Pod may name.
  static const std::set<std::string> anywhere = {
      "metadata.annotations", "metadata.labels", "metadata.name",      "metadata.namespace",
      "metadata.uid",         "spec.nodeName",   "spec.restartPolicy", "spec.serviceAccountName",
      "spec.schedulerName",   "status.phase",    "status.hostIP",      "status.hostIPs",
      "status.podIP",         "status.podIPs"};
  std::string text = path.text();
  std::size_t bracket = text.find("['");
  bool subscript = bracket != std::string::npos && text.ends_with("']");
  if (version.text() != "v1" || (!subscript && !anywhere.contains(text) && text != "spec.host")) {
    std::string why =
        version.text() != "v1" ? "unsupported pod version: " + version.text() : "field label not supported: " + text;
    return {problems::invalid(path.path(), text, "error converting fieldPath: " + why)};
  }
  if (!subscript) {
    if (known.contains(text)) return {};
    return {problems::not_supported(path.path(), text, {known.begin(), known.end()})};
  }
  std::string map = text.substr(0, bracket), key = text.substr(bracket + 2, text.size() - bracket - 4);
  Problems out;
  if (map != "metadata.annotations" && map != "metadata.labels") {
    return {problems::invalid(path.path(), text,
                              "error converting fieldPath: field label does not support subscript: " + text)};
  }
  std::string shown = map == "metadata.annotations" ? names::lowered(key) : key;
  for (const std::string& one : names::qualified_name(shown)) {
    out.push_back(problems::invalid(selector.path(), shown, one));
  }
  return out;
}

Problems resource_selector_problems(const Place& selector, bool in_volume) {
  static const std::vector<std::string> known = {"limits.cpu",   "limits.ephemeral-storage",   "limits.memory",
                                                 "requests.cpu", "requests.ephemeral-storage", "requests.memory"};
  Problems out;
  std::string name = selector["resource"].text();
  bool huge_pages = name.starts_with("requests.hugepages-") || name.starts_with("limits.hugepages-");
  if (in_volume && selector["containerName"].text().empty()) {
    out.push_back(problems::required(selector.path("containerName"), ""));
  } else if (name.empty()) {
    out.push_back(problems::required(selector.path("resource"), ""));
  } else if (!huge_pages && std::find(known.begin(), known.end(), name) == known.end()) {
    out.push_back(problems::not_supported(selector.path("resource"), name, known));
  }
  auto divisor = parse_quantity(selector["divisor"].text());
  if (!divisor || divisor->is_zero()) return out;
  static const std::set<std::string> sizes = {"1",   "1k",  "1M",  "1G",  "1T",  "1P", "1E",
                                              "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};
  std::string text = printed(*divisor), resource;
  if (name.ends_with(".cpu") && text != "1" && text != "1m") {
    out.push_back(problems::invalid(selector.path("divisor"), name,
                                    "only divisor's values 1m and 1 are supported with the cpu resource"));
  }
  if (name.ends_with(".memory")) resource = "memory";
  if (name.ends_with(".ephemeral-storage")) resource = "local ephemeral storage";
  if (huge_pages) resource = "hugepages";
  if (!resource.empty() && !sizes.contains(text)) {
    out.push_back(problems::invalid(selector.path("divisor"), name,
                                    "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are "
                                    "supported with the " +
                                        resource + " resource"));
  }
  return out;
}

CheckedVolumes check_volumes(const Place& volumes) {
  CheckedVolumes out;
  for (const Place& volume : volumes.items()) {
    Problems wrong = volume_problems(volume);
    Place name = volume["name"];
    if (name.text().empty()) {
      wrong.push_back(problems::required(name.path(), ""));
    } else {
      append_wrong(wrong, name, names::dns_label(name.text()));
    }
    if (out.names.contains(name.text())) wrong.push_back(problems::duplicate(name.path(), name.text()));
    if (wrong.empty()) {
      out.names.insert(name.text());
    } else {
      append(out.problems, std::move(wrong));
    }
  }
  return out;
}

}  // namespace ork::embedded

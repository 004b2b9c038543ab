#include "operator/embedded/node/engine_command.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "operator/embedded/node/expansion.hpp"

namespace ork::embedded {
namespace {

// --mount takes comma-separated values, as CSV quotes them.
std::string csv(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string mount_option(const PlannedMount& mount) {
  return "type=bind," + csv("source=" + mount.outside) + "," + csv("target=" + mount.inside) +
         (mount.read_only ? ",readonly" : "");
}

std::string cpus(std::int64_t millis) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(millis / 1000),
                static_cast<long long>(millis % 1000));
  return text;
}

// Variables that the engine's command, its libraries or its helpers take for their own.
bool is_heeded(const std::string& name, const std::vector<std::string>& environment) {
  static constexpr std::array<std::string_view, 17> prefixes = {
      "BUILDAH_", "CNI_",    "CONTAINER", "DBUS_",    "DOCKER_", "GO",     "LD_",  "LISTEN_", "NOTIFY_SOCKET",
      "PATH",     "PODMAN_", "REGISTRY_", "STORAGE_", "SSL_",    "TMPDIR", "XDG_", "HOME"};
  const bool known = std::any_of(prefixes.begin(), prefixes.end(), [&](auto one) { return name.starts_with(one); });
  const bool proxy = name.ends_with("_proxy") || name.ends_with("_PROXY");
  return known || proxy || std::any_of(environment.begin(), environment.end(), [&](const std::string& variable) {
           return variable.starts_with(name + "=");
         });
}

class Builder {
 public:
  explicit Builder(const EngineSetting& setting) : s_(setting) {
    // The node keeps the log itself. Volumes are plain folders, which SELinux would keep containers from.
    out_.argv = {s_.program, "run",          "--rm", "--quiet",        "--name",
                 s_.name,    "--log-driver", "none", "--security-opt", "label=disable"};
    out_.env = s_.environment;
  }

  EngineCommand build() {
    option("--label", s_.label);
    option("--label", "ork.dev/pod=" + s_.pod.meta.ns + "/" + s_.pod.meta.name);
    option("--hostname", (s_.pod.hostname.empty() ? s_.pod.meta.name : s_.pod.hostname).substr(0, 63));
    add_pull_policy();
    for (const auto& [name, value] : s_.variables) add_variable(name, value);
    for (const PlannedMount& mount : s_.mounts) option("--mount", mount_option(mount));
    if (!s_.container.working_dir.empty()) option("--workdir", s_.container.working_dir);
    add_limits();
    add_command();
    return std::move(out_);
  }

 private:
  void option(const char* name, std::string value) {
    out_.argv.emplace_back(name);
    out_.argv.push_back(std::move(value));
  }

  void add_pull_policy() {
    if (s_.container.pull_policy == "Always") option("--pull", "always");
    if (s_.container.pull_policy == "Never") option("--pull", "never");
  }

  void add_variable(const std::string& name, const std::string& value) {
    if (is_heeded(name, s_.environment)) return option("--env", name + "=" + value);
    option("--env", name);
    out_.env.push_back(name + "=" + value);
  }

  // No swap beside the memory: as in a Pod.
  void add_limits() {
    if (s_.container.limits.memory_bytes) {
      const std::string bytes = std::to_string(*s_.container.limits.memory_bytes);
      option("--memory", bytes);
      option("--memory-swap", bytes);
    }
    if (s_.container.limits.cpu_millis) option("--cpus", cpus(*s_.container.limits.cpu_millis));
  }

  // An entrypoint of one word: the rest of the command comes first among the arguments.
  void add_command() {
    const Lookup lookup = [this](std::string_view name) { return find_variable(s_.variables, name); };
    std::vector<std::string> words;
    for (const std::string& word : s_.container.command) words.push_back(expand(word, lookup));
    if (!words.empty()) option("--entrypoint", words.front());
    out_.argv.push_back(s_.container.image);
    if (!words.empty()) out_.argv.insert(out_.argv.end(), words.begin() + 1, words.end());
    for (const std::string& word : s_.container.args) out_.argv.push_back(expand(word, lookup));
  }

  const EngineSetting& s_;
  EngineCommand out_;
};

}  // namespace

EngineCommand engine_run(const EngineSetting& setting) { return Builder(setting).build(); }

std::string engine_name(const std::string& container_id) {
  std::string out = "ork-" + container_id;
  for (char& c : out) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return out;
}

std::string engine_label(const std::string& node_folder) { return "ork.dev/node=" + node_folder; }

std::vector<std::string> engine_kill(const std::string& program, const std::string& name) {
  return {program, "kill", name};
}

std::vector<std::string> engine_remove(const std::string& program, const std::string& name) {
  return {program, "rm", "--force", name};
}

std::vector<std::string> engine_sweep(const std::string& program, const std::string& label,
                                      const std::vector<std::string>& keep) {
  static constexpr const char* script =
      "label=$1; shift\n"
      "names=$(\"$0\" ps --all --filter \"label=$label\" --format '{{.Names}}') || exit\n"
      "for name in $names; do\n"
      "  case \" $* \" in *\" $name \"*) continue ;; esac\n"
      "  \"$0\" kill \"$name\"\n"
      "  \"$0\" rm --force \"$name\"\n"
      "done\n"
      "exit 0\n";
  std::vector<std::string> out = {"sh", "-c", script, program, label};
  out.insert(out.end(), keep.begin(), keep.end());
  return out;
}

}  // namespace ork::embedded

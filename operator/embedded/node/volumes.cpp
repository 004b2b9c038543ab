#include "operator/embedded/node/volumes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "operator/embedded/node/expansion.hpp"

namespace ork::embedded {
namespace {

// A path that stays below where it is put.
bool stays_below(std::string_view path) {
  if (path.empty() || path.front() == '/') return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return true;
}

class Planner {
 public:
  Planner(const PodSpec& pod, const Sources& sources, const NodeFacts& node)
      : pod_(pod), sources_(sources), node_(node) {}

  Result<PlannedVolume, VolumeProblem> plan(const VolumeSpec& volume, const std::string& root) {
    PlannedVolume out{.name = volume.name,
                      .folder = root + "/" + volume.name,
                      .made = true,
                      .only_parts = is_mounted_in_parts(volume.name),
                      .files = {}};
    switch (volume.kind) {
      case VolumeSpec::Kind::Empty: break;
      case VolumeSpec::Kind::HostPath:
        out.folder = volume.host_path;
        out.made = false;
        break;
      case VolumeSpec::Kind::Unknown:
        return Err(VolumeProblem{"volume \"" + volume.name + "\" is a " + volume.unknown_kind +
                                 ", which this node does not have; it has configMap, secret, emptyDir, downwardAPI, "
                                 "projected and hostPath"});
      case VolumeSpec::Kind::Files:
        for (const VolumeSource& source : volume.sources) add(source, volume.default_mode, out.files);
    }
    if (!problem_.message.empty()) return Err(problem_);
    return out;
  }

 private:
  void add(const VolumeSource& source, int mode, std::vector<PlannedFile>& files) {
    switch (source.kind) {
      case VolumeSource::Kind::Keys: return add_keys(source, mode, files);
      case VolumeSource::Kind::Downward: return add_fields(source, mode, files);
      case VolumeSource::Kind::Token: return;  // there is no service account to speak as
    }
  }

  void add_keys(const VolumeSource& source, int mode, std::vector<PlannedFile>& files) {
    const auto held = sources_.find(source.source);
    const char* kind = source.source.secret ? "secret" : "configmap";
    if (held == sources_.end() || !held->second) {
      if (!source.optional) wrong(std::string(kind) + " \"" + source.source.name + "\" not found", true);
      return;
    }
    const SourceData& data = *held->second;
    if (source.items.empty()) {
      for (const auto& [key, value] : data) put(key, value, mode, files);
    }
    for (const VolumeItem& item : source.items) {
      const auto value = data.find(item.key);
      if (value != data.end()) {
        put(item.path, value->second, item.mode.value_or(mode), files);
      } else if (!source.optional) {
        wrong(std::string(kind) + " references non-existent key: " + item.key, true);
      }
    }
  }

  void add_fields(const VolumeSource& source, int mode, std::vector<PlannedFile>& files) {
    for (const VolumeItem& item : source.items) {
      auto value = field_value(pod_, item.value, nullptr, node_);
      if (!value) return wrong(value.error(), false);
      put(item.path, std::move(*value), item.mode.value_or(mode), files);
    }
  }

  // Of two files at one path the later one holds, as in a projected volume.
  void put(const std::string& path, std::string content, int mode, std::vector<PlannedFile>& files) {
    if (!stays_below(path)) return wrong("'" + path + "' is no path within a volume", false);
    if (!taken_.insert(path).second) std::erase_if(files, [&](const PlannedFile& file) { return file.path == path; });
    files.push_back({path, std::move(content), mode});
  }

  bool is_mounted_in_parts(const std::string& volume) const {
    bool mounted = false, whole = false;
    for (const auto* containers : {&pod_.init_containers, &pod_.containers}) {
      for (const ContainerSpec& container : *containers) {
        for (const VolumeMount& mount : container.mounts) {
          if (mount.volume != volume) continue;
          mounted = true;
          whole = whole || (mount.sub_path.empty() && mount.sub_path_expr.empty());
        }
      }
    }
    return mounted && !whole;
  }

  void wrong(std::string message, bool may_pass) {
    if (problem_.message.empty()) problem_ = {std::move(message), may_pass};
  }

  const PodSpec& pod_;
  const Sources& sources_;
  const NodeFacts& node_;
  std::set<std::string> taken_;  // paths
  VolumeProblem problem_;
};

Status<std::string> failed(const std::string& path, const std::string& why) { return Err(path + ": " + why); }

Status<std::string> write_file(const std::string& path, const PlannedFile& planned) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed(path, std::strerror(errno));
  std::string_view left = planned.content;
  bool good = true;
  while (good && !left.empty()) {
    const ssize_t size = ::write(file, left.data(), left.size());
    good = size > 0 || errno == EINTR;
    if (size > 0) left.remove_prefix(static_cast<std::size_t>(size));
  }
  good = good && ::fchmod(file, static_cast<mode_t>(planned.mode)) == 0;
  const int error = errno;
  ::close(file);
  if (!good) return failed(path, std::strerror(error));
  return Done{};
}

Status<std::string> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return failed(path, error.message());
  return Done{};
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

Status<std::string> write_below(const std::string& folder, const PlannedFile& file) {
  const std::string path = folder + "/" + file.path;
  if (auto made = make_folders(folder_of(path)); !made) return made;
  return write_file(path, file);
}

// Of a volume's files those at `outside` and below.
Status<std::string> write_part(const PlannedVolume& volume, const std::string& outside) {
  if (!volume.only_parts || !outside.starts_with(volume.folder + "/")) return Done{};
  const std::string part = outside.substr(volume.folder.size() + 1);
  for (const PlannedFile& file : volume.files) {
    if (file.path != part && !file.path.starts_with(part + "/")) continue;
    if (auto written = write_below(volume.folder, file); !written) return written;
  }
  return Done{};
}

}  // namespace

Result<std::vector<PlannedVolume>, VolumeProblem> plan_volumes(const PodSpec& pod, const Sources& sources,
                                                               const NodeFacts& node, const std::string& root) {
  std::vector<PlannedVolume> out;
  for (const VolumeSpec& volume : pod.volumes) {
    if (!stays_below(volume.name) || volume.name.find('/') != std::string::npos) {
      return Err(VolumeProblem{"'" + volume.name + "' is no name of a volume"});
    }
    auto planned = Planner(pod, sources, node).plan(volume, root);
    if (!planned) return Err(planned.error());
    out.push_back(std::move(*planned));
  }
  return out;
}

Status<std::string> write_volumes(const std::vector<PlannedVolume>& volumes) {
  for (const PlannedVolume& volume : volumes) {
    if (!volume.made) continue;
    if (auto made = make_folders(volume.folder); !made) return made;
    // As a kubelet's: for whichever user an image has. The folders above let nobody else of this machine in.
    ::chmod(volume.folder.c_str(), 0777);
    if (volume.only_parts) continue;
    for (const PlannedFile& file : volume.files) {
      if (auto written = write_below(volume.folder, file); !written) return written;
    }
  }
  return Done{};
}

Result<std::vector<PlannedMount>, std::string> plan_mounts(const ContainerSpec& container,
                                                           const std::vector<PlannedVolume>& volumes,
                                                           const Variables& variables) {
  std::vector<PlannedMount> out;
  for (const VolumeMount& mount : container.mounts) {
    const auto volume =
        std::find_if(volumes.begin(), volumes.end(), [&](const auto& v) { return v.name == mount.volume; });
    if (volume == volumes.end()) return Err("there is no volume \"" + mount.volume + "\" to mount at " + mount.path);
    const Lookup lookup = [&](std::string_view name) { return find_variable(variables, name); };
    const std::string below = mount.sub_path_expr.empty() ? mount.sub_path : expand(mount.sub_path_expr, lookup);
    if (!below.empty() && !stays_below(below)) return Err("'" + below + "' is no path within volume " + mount.volume);
    out.push_back(
        {mount.path, below.empty() ? volume->folder : volume->folder + "/" + below, mount.read_only, !below.empty()});
  }
  return out;
}

Status<std::string> make_parts(const std::vector<PlannedMount>& mounts, const std::vector<PlannedVolume>& volumes) {
  for (const PlannedMount& mount : mounts) {
    if (!mount.part || ::access(mount.outside.c_str(), F_OK) == 0) continue;
    for (const PlannedVolume& volume : volumes) {
      if (auto written = write_part(volume, mount.outside); !written) return written;
    }
    if (::access(mount.outside.c_str(), F_OK) == 0) continue;
    if (auto made = make_folders(mount.outside); !made) return made;
  }
  return Done{};
}

PathMap paths_of(const std::vector<PlannedMount>& mounts) {
  PathMap out;
  for (const PlannedMount& mount : mounts) out.add(mount.inside, mount.outside);
  return out;
}

}  // namespace ork::embedded

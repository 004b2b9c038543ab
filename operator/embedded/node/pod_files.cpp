#include "operator/embedded/node/pod_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "operator/embedded/node/limits.hpp"

namespace ork::embedded {
namespace {

namespace fs = std::filesystem;

Status<std::string> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Done{};
  return Err(path + ": " + std::strerror(errno));
}

bool is_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace

Status<std::string> PodFiles::prepare() const {
  for (const std::string& path : {root_, root_ + "/pods"}) {
    if (auto made = make_folder(path); !made) return made;
  }
  return Done{};
}

Status<std::string> PodFiles::check(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  for (const std::string& name : {pod.name, pod.uid}) {
    if (!is_name(name)) return Err("'" + name + "' is no name of a file");
  }
  for (const std::string& container : containers) {
    if (!is_name(container)) return Err("'" + container + "' is no name of a file");
  }
  return Done{};
}

std::string PodFiles::path_of(const api::ObjectMeta& pod) const {
  return root_ + "/pods/" + pod.name.substr(0, limits::pod_file_name) + "_" + pod.uid;
}

std::string PodFiles::volumes(const api::ObjectMeta& pod) const { return path_of(pod); }

std::string PodFiles::termination(const api::ObjectMeta& pod, const std::string& container) const {
  return path_of(pod) + "." + container + ".termination";
}

std::string PodFiles::log(const api::ObjectMeta& pod, const std::string& container) const {
  return path_of(pod) + "." + container + ".log";
}

Status<std::string> PodFiles::make_termination(const api::ObjectMeta& pod, const std::string& container) const {
  const std::string path = termination(pod, container);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Err(path + ": " + std::strerror(errno));
  // An image may run as any user; the folders above let nobody else of this machine in.
  ::fchmod(file, 0666);
  ::close(file);
  return Done{};
}

void PodFiles::remove_termination(const api::ObjectMeta& pod, const std::string& container) const {
  ::unlink(termination(pod, container).c_str());
}

bool PodFiles::begun(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  if (!check(pod, containers)) return false;
  return ::access(volumes(pod).c_str(), F_OK) == 0 ||
         std::any_of(containers.begin(), containers.end(),
                     [&](const std::string& container) { return ::access(log(pod, container).c_str(), F_OK) == 0; });
}

void PodFiles::remove_run(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  if (!check(pod, containers)) return;
  for (const std::string& container : containers) remove_termination(pod, container);
  remove_tree(volumes(pod));
}

void PodFiles::remove_all(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  if (!check(pod, containers)) return;
  remove_run(pod, containers);
  for (const std::string& container : containers) ::unlink(log(pod, container).c_str());
}

// "POD_UID" and "POD_UID.NAME.log": there is a '_' in no name, and a '.' in no uid.
void PodFiles::remove_all_but(const std::unordered_set<std::string>& uids) const {
  std::error_code ignored;
  std::vector<fs::path> strays;
  for (const auto& entry : fs::directory_iterator(root_ + "/pods", ignored)) {
    const std::string name = entry.path().filename();
    const std::string behind = name.substr(name.rfind('_') + 1);
    if (!uids.contains(behind.substr(0, behind.find('.')))) strays.push_back(entry.path());
  }
  for (const fs::path& stray : strays) remove_tree(stray);
}

std::string tail_of(const std::string& path, std::size_t bytes, std::size_t lines) {
  // What stands there was written by a program that may have put anything in its place.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return {};
  struct stat info{};
  std::string out;
  if (::fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    const off_t from = std::max<off_t>(0, info.st_size - static_cast<off_t>(bytes));
    out.resize(static_cast<std::size_t>(info.st_size - from));
    const ssize_t size = out.empty() ? 0 : ::pread(file, out.data(), out.size(), from);
    out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  ::close(file);
  std::size_t at = out.size() > 1 ? out.size() - 1 : 0;  // the last newline ends the last line
  for (std::size_t seen = 0; at > 0; --at) {
    if (out[at - 1] == '\n' && ++seen == lines) break;
  }
  if (lines != SIZE_MAX) out.erase(0, at);
  return out;
}

}  // namespace ork::embedded

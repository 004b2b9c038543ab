#include "operator/embedded/node/pod_folders.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace ork::embedded {
namespace {

namespace fs = std::filesystem;

Status<std::string> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Done{};
  return Err(path + ": " + std::strerror(errno));
}

Status<std::string> touch(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (file < 0) return Err(path + ": " + std::strerror(errno));
  // An image may run as any user; the folders above let nobody else of this machine in.
  ::fchmod(file, 0666);
  ::close(file);
  return Done{};
}

bool is_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace

Status<std::string> PodFolders::prepare() const {
  for (const std::string& path : {root_, root_ + "/pods", root_ + "/logs"}) {
    if (auto made = make_folder(path); !made) return made;
  }
  return Done{};
}

std::string PodFolders::log_folder(const api::ObjectMeta& pod) const {
  return root_ + "/logs/" + pod.ns + "_" + pod.name + "_" + pod.uid;
}

std::string PodFolders::termination(const api::ObjectMeta& pod, const std::string& container) const {
  return pod_folder(pod.uid) + "/termination/" + container;
}

std::string PodFolders::log(const api::ObjectMeta& pod, const std::string& container) const {
  return log_folder(pod) + "/" + container + ".log";
}

Status<std::string> PodFolders::make(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  for (const std::string& name : {pod.ns, pod.name, pod.uid}) {
    if (!is_name(name)) return Err("'" + name + "' is no name of a file");
  }
  const std::string folder = pod_folder(pod.uid);
  for (const std::string& path : {folder, folder + "/termination", log_folder(pod)}) {
    if (auto made = make_folder(path); !made) return made;
  }
  for (const std::string& container : containers) {
    if (!is_name(container)) return Err("'" + container + "' is no name of a file");
    if (auto made = touch(termination(pod, container), 0); !made) return made;
  }
  return Done{};
}

Status<std::string> PodFolders::empty_termination(const api::ObjectMeta& pod, const std::string& container) const {
  return touch(termination(pod, container), O_TRUNC);
}

bool PodFolders::exists(const api::ObjectMeta& pod) const {
  return is_name(pod.uid) && ::access(pod_folder(pod.uid).c_str(), F_OK) == 0;
}

void PodFolders::remove_run(const api::ObjectMeta& pod) const {
  if (is_name(pod.uid)) remove_tree(pod_folder(pod.uid));
}

void PodFolders::remove_all(const api::ObjectMeta& pod) const {
  remove_run(pod);
  if (is_name(pod.ns) && is_name(pod.name) && is_name(pod.uid)) remove_tree(log_folder(pod));
}

std::vector<std::string> PodFolders::kept_uids() const {
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(root_ + "/pods", ignored)) out.push_back(entry.path().filename());
  for (const auto& entry : fs::directory_iterator(root_ + "/logs", ignored)) {
    const std::string name = entry.path().filename();
    out.push_back(name.substr(name.rfind('_') + 1));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void PodFolders::remove_uid(const std::string& uid) const {
  if (!is_name(uid)) return;
  remove_tree(pod_folder(uid));
  std::error_code ignored;
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(root_ + "/logs", ignored)) {
    if (entry.path().filename().string().ends_with("_" + uid)) logs.push_back(entry.path());
  }
  for (const fs::path& log : logs) remove_tree(log);
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

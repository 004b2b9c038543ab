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

constexpr std::string_view log_suffix = ".log";

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

bool has_folder(const api::ObjectMeta& pod) { return is_name(pod.ns) && is_name(pod.name) && is_name(pod.uid); }

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace

Status<std::string> PodFolders::prepare() const {
  for (const std::string& path : {root_, root_ + "/pods"}) {
    if (auto made = make_folder(path); !made) return made;
  }
  return Done{};
}

std::string PodFolders::pod_folder(const api::ObjectMeta& pod) const {
  return root_ + "/pods/" + pod.ns + "_" + pod.name + "_" + pod.uid;
}

std::string PodFolders::termination(const api::ObjectMeta& pod, const std::string& container) const {
  return pod_folder(pod) + "/" + container + ".termination";
}

std::string PodFolders::log(const api::ObjectMeta& pod, const std::string& container) const {
  return pod_folder(pod) + "/" + container + std::string(log_suffix);
}

Status<std::string> PodFolders::check(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  for (const std::string& name : {pod.ns, pod.name, pod.uid}) {
    if (!is_name(name)) return Err("'" + name + "' is no name of a file");
  }
  for (const std::string& container : containers) {
    if (!is_name(container)) return Err("'" + container + "' is no name of a file");
  }
  return Done{};
}

Status<std::string> PodFolders::make(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  if (auto named = check(pod, containers); !named) return named;
  if (auto made = make_folder(pod_folder(pod)); !made) return made;
  for (const std::string& container : containers) {
    if (auto made = touch(termination(pod, container), 0); !made) return made;
  }
  return Done{};
}

Status<std::string> PodFolders::empty_termination(const api::ObjectMeta& pod, const std::string& container) const {
  return touch(termination(pod, container), O_TRUNC);
}

std::vector<fs::path> PodFolders::all_but_logs(const api::ObjectMeta& pod) const {
  std::vector<fs::path> out;
  if (!has_folder(pod)) return out;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(pod_folder(pod), ignored)) {
    if (!entry.path().filename().string().ends_with(log_suffix)) out.push_back(entry.path());
  }
  return out;
}

bool PodFolders::begun(const api::ObjectMeta& pod) const { return !all_but_logs(pod).empty(); }

void PodFolders::remove_run(const api::ObjectMeta& pod) const {
  for (const fs::path& path : all_but_logs(pod)) remove_tree(path);
}

void PodFolders::remove_terminations(const api::ObjectMeta& pod, const std::vector<std::string>& containers) const {
  if (!check(pod, containers)) return;
  for (const std::string& container : containers) ::unlink(termination(pod, container).c_str());
}

void PodFolders::remove_all(const api::ObjectMeta& pod) const {
  if (has_folder(pod)) remove_tree(pod_folder(pod));
}

void PodFolders::remove_all_but(const std::unordered_set<std::string>& uids) const {
  std::error_code ignored;
  std::vector<fs::path> strays;
  for (const auto& entry : fs::directory_iterator(root_ + "/pods", ignored)) {
    const std::string name = entry.path().filename();
    if (!uids.contains(name.substr(name.rfind('_') + 1))) strays.push_back(entry.path());
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

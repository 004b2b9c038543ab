#include "operator/embedded/http/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "operator/embedded/http/limits.hpp"

namespace ork::embedded {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { (void)close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  bool close() {
    const int closing = descriptor_;
    descriptor_ = -1;
    return closing < 0 || ::close(closing) == 0;
  }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// So that the rename itself survives a crash. A folder that can't be opened was written to all the same.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.open()) (void)::fsync(file.descriptor());
}

}  // namespace

Status<std::string> write_private_file(const std::filesystem::path& path, std::string_view text) {
  std::string beside = path.string() + ".XXXXXX";
  File file(::mkostemp(beside.data(), O_CLOEXEC));  // its mode is 0600
  const auto failed = [&](const char* what) {
    std::string message = std::string("can't ") + what + " " + path.string() + ": " + std::strerror(errno);
    if (file.open()) (void)::unlink(beside.c_str());
    return Err(std::move(message));
  };
  if (!file.open()) return failed("create");
  if (!write_all(file.descriptor(), text) || ::fsync(file.descriptor()) != 0) return failed("write");
  if (::rename(beside.c_str(), path.c_str()) != 0) return failed("replace");
  if (!file.close()) return failed("write");
  sync_folder(path);
  return Done{};
}

std::optional<std::string> read_private_file(const std::filesystem::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (!file.open() || ::fstat(file.descriptor(), &about) != 0) return std::nullopt;
  if (!S_ISREG(about.st_mode) || (about.st_mode & 077U) != 0 || about.st_uid != ::geteuid()) return std::nullopt;
  if (about.st_size > static_cast<off_t>(http_limits::private_file_bytes)) return std::nullopt;
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t bytes = ::read(file.descriptor(), text.data() + size, text.size() - size);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return std::nullopt;
    if (bytes == 0) break;
    size += static_cast<std::size_t>(bytes);
  }
  text.resize(size);
  return text;
}

}  // namespace ork::embedded

#include "operator/dev/file_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

namespace ork::dev {
namespace {

// Long enough for an editor to write, rename and set modes; short enough not to be noticed.
constexpr runtime::Duration quiet{50};
constexpr std::uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;

bool is_manifest(const std::filesystem::path& name) {
  const auto extension = name.extension();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

}  // namespace

struct FileWatch::Impl {
  Impl(runtime::AsioLoop& the_loop, int descriptor, std::function<void()> the_changed)
      : loop(the_loop), inotify(the_loop.context(), descriptor), changed(std::move(the_changed)) {}

  // Which names in a watched folder count; empty: all manifests.
  using Names = std::set<std::string>;

  void read() {
    inotify.async_read_some(boost::asio::buffer(buffer),
                            [this](const boost::system::error_code& error, std::size_t size) {
                              if (error) return;  // closed
                              if (concerns(size)) timer = loop.after(quiet, changed);
                              read();
                            });
  }

  bool concerns(std::size_t size) const {
    bool any = false;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const std::string name(buffer.data() + at + sizeof event, strnlen(buffer.data() + at + sizeof event, event.len));
      const auto folder = folders.find(event.wd);
      if (folder != folders.end()) {
        any |= folder->second.empty() ? is_manifest(name) : folder->second.contains(name);
      }
      any |= (event.mask & IN_Q_OVERFLOW) != 0;
      at += sizeof event + event.len;
    }
    return any;
  }

  runtime::AsioLoop& loop;
  boost::asio::posix::stream_descriptor inotify;
  std::function<void()> changed;
  std::map<int, Names> folders;
  std::unique_ptr<runtime::Timer> timer;
  alignas(inotify_event) std::array<char, 16'384> buffer{};
};

FileWatch::FileWatch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FileWatch::~FileWatch() = default;

Result<std::unique_ptr<FileWatch>, std::string> FileWatch::open(runtime::AsioLoop& loop,
                                                                const std::vector<std::string>& paths,
                                                                std::function<void()> changed) {
  const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return Err(std::string("files can't be watched: ") + std::strerror(errno));
  auto impl = std::make_unique<Impl>(loop, descriptor, std::move(changed));
  for (const std::string& text : paths) {
    const std::filesystem::path path(text);
    const bool folder = std::filesystem::is_directory(path);
    const std::filesystem::path where = folder ? path : path.has_parent_path() ? path.parent_path() : ".";
    const int watch = inotify_add_watch(descriptor, where.c_str(), events);
    if (watch < 0) return Err(where.string() + " can't be watched: " + std::strerror(errno));
    const bool known = impl->folders.contains(watch);
    Impl::Names& names = impl->folders[watch];
    if (folder) {
      names.clear();
    } else if (!known || !names.empty()) {
      names.insert(path.filename());
    }
  }
  impl->read();
  return std::unique_ptr<FileWatch>(new FileWatch(std::move(impl)));
}

}  // namespace ork::dev

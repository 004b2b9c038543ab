#include "operator/embedded/node/agent/socket_path.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ork::embedded {
namespace {

// Reached through a descriptor of its folder, the path is short whatever the folder's is.
class FolderSocket {
 public:
  explicit FolderSocket(const std::string& folder)
      : folder_(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
        socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const std::string path = "/proc/self/fd/" + std::to_string(folder_) + "/" + agent_socket;
    address_.sun_family = AF_UNIX;
    std::copy_n(path.begin(), std::min(path.size(), sizeof address_.sun_path - 1), address_.sun_path);
  }
  ~FolderSocket() {
    const int error = errno;
    if (folder_ >= 0) ::close(folder_);
    if (socket_ >= 0) ::close(socket_);
    errno = error;
  }
  FolderSocket(const FolderSocket&) = delete;
  FolderSocket& operator=(const FolderSocket&) = delete;

  bool ok() const { return folder_ >= 0 && socket_ >= 0; }
  int get() const { return socket_; }
  int folder() const { return folder_; }
  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }
  int release() { return std::exchange(socket_, -1); }

 private:
  int folder_;
  int socket_;
  sockaddr_un address_{};
};

}  // namespace

int listen_in(const std::string& folder) {
  FolderSocket socket(folder);
  if (!socket.ok()) return -1;
  ::unlinkat(socket.folder(), agent_socket, 0);
  // The socket's own mode is that of the file to be: nobody else can connect at any moment.
  if (::fchmod(socket.get(), 0600) != 0 || ::bind(socket.get(), socket.address(), FolderSocket::size()) != 0 ||
      ::listen(socket.get(), 16) != 0) {
    return -1;
  }
  return socket.release();
}

int connect_in(const std::string& folder) {
  FolderSocket socket(folder);
  if (!socket.ok() || ::connect(socket.get(), socket.address(), FolderSocket::size()) != 0) return -1;
  return socket.release();
}

}  // namespace ork::embedded

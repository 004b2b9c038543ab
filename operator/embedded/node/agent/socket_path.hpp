#pragma once

// A unix socket in a folder whose path may be longer than sun_path's 108 bytes.

#include <string>

namespace ork::embedded {

inline constexpr const char* agent_socket = "agent.sock";

// A listening socket at FOLDER/agent.sock, mode 0600, in the place of an old one; or -1 and errno.
int listen_in(const std::string& folder);
// A connection to it, or -1 and errno (ENOENT, ECONNREFUSED: nobody listens).
int connect_in(const std::string& folder);

}  // namespace ork::embedded

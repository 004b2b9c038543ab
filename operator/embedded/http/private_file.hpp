#pragma once

// Files that only their owner may read: tokens, keys, kubeconfigs.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "controllers/result/result.hpp"

namespace ork::embedded {

// Writes the file with mode 0600 beside `path` and renames it: a reader sees the old text or the new
// one, never a part, also after a crash. The error is a sentence with the path.
Status<std::string> write_private_file(const std::filesystem::path& path, std::string_view text);

// Null: there is none, it is larger than http_limits::private_file_bytes, or others may read or write it.
std::optional<std::string> read_private_file(const std::filesystem::path& path);

}  // namespace ork::embedded

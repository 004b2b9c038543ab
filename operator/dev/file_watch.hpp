#pragma once

// Tells when files change, by inotify: no polling. Editors replace files rather than write them, so the
// folders are watched; a burst of events is told once, when it has been quiet for a moment.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controllers/result/result.hpp"
#include "operator/runtime/asio_loop.hpp"

namespace ork::dev {

class FileWatch {
 public:
  // Each path is a file or a folder (its own files, not those of the folders in it). `changed` is called from the loop.
  // The error is a sentence: a path that is not there, or that the system lets nobody watch.
  static Result<std::unique_ptr<FileWatch>, std::string> open(runtime::AsioLoop& loop,
                                                              const std::vector<std::string>& paths,
                                                              std::function<void()> changed);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  struct Impl;
  explicit FileWatch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ork::dev

#pragma once

// What `ork dev DIR|FILE...` does with the manifests: applies them when the cluster is ready and again
// whenever they change, and tells what came of it.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "operator/dev/applier.hpp"
#include "operator/dev/file_watch.hpp"

namespace ork::dev {

class Session {
 public:
  // Both from the loop; `say` takes whole lines, with their end.
  using Say = std::function<void(const std::string& lines)>;

  Session(runtime::AsioLoop& loop, Applier applier, std::vector<std::string> paths, Say say);
  // Applies, and watches from then on. The error is a sentence: a path that can't be watched.
  Status<std::string> start();

 private:
  void apply();
  void tell(const std::vector<ApplyResult>& results);

  runtime::AsioLoop& loop_;
  Applier applier_;
  std::vector<std::string> paths_;
  Say say_;
  std::unique_ptr<FileWatch> watch_;
  bool applying_ = false;
  bool again_ = false;  // something changed meanwhile
  bool first_ = true;
};

}  // namespace ork::dev

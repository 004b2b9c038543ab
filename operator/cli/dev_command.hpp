#pragma once

// `ork dev`: a cluster of one process for the manifests at hand.

#include <cstdint>
#include <string>
#include <vector>

namespace ork::cli {

struct DevFlags {
  std::vector<std::string> paths;  // files and folders to apply, and to apply again when they change
  std::string folder = ".ork";
  std::uint16_t port = 0;
  std::int64_t max_pods = 0;
  std::vector<std::string> pass_env;
  std::string log_level = "warning";
  bool no_operator = false;
};

int run_dev(const DevFlags& flags);

}  // namespace ork::cli

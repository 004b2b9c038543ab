#pragma once

// For tests: Pods from a few words of JSON.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "operator/embedded/node/pod_spec.hpp"

namespace ork::embedded::testing {

// `spec` is that of the Pod, but for its name, namespace and uid: p, n, u.
inline PodSpec pod_with(const std::string& spec, const std::string& meta = "{}") {
  nlohmann::json pod = {{"metadata", {{"name", "p"}, {"namespace", "n"}, {"uid", "u"}}},
                        {"spec", nlohmann::json::parse(spec)}};
  pod["metadata"].merge_patch(nlohmann::json::parse(meta));
  if (!pod["spec"].contains("containers")) {
    pod["spec"]["containers"] = nlohmann::json::array({{{"name", "main"}, {"command", {"true"}}}});
  }
  const auto read = read_pod_spec(pod);
  EXPECT_TRUE(read.ok()) << (read ? "" : read.error());
  return read ? *read : PodSpec{};
}

}  // namespace ork::embedded::testing

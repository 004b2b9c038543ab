#pragma once

// A Job's Pod as JSON text, as Kubernetes' Job controller makes it, but for two things: it has no
// tracking finalizer (tally.hpp says why), and it is on its node already. Pure.

#include <string>
#include <string_view>

#include "controllers/result/result.hpp"
#include "operator/embedded/job_controller/decide.hpp"
#include "operator/embedded/job_controller/job.hpp"

namespace ork::embedded {

// What stands before the random end of the name: "<job>-" or "<job>-<index>-", cut so that five
// characters more fit into a host name.
std::string pod_name_prefix(std::string_view job, std::int64_t index);
// Five characters of Kubernetes' alphabet for generated names; `random` gives numbers in [0, 1).
template <typename Random>
std::string random_suffix(Random random);

// `node`: where it runs. It is set only where nothing in the Pod asks to choose (nodeSelector,
// affinity, schedulingGates, a scheduler of its own). The error says what is wrong with the template.
Result<std::string, std::string> build_pod(const Job& job, const NewPod& pod, const std::string& name,
                                           const std::string& node);

template <typename Random>
std::string random_suffix(Random random) {
  static constexpr std::string_view alphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string out;
  for (int i = 0; i < 5; ++i)
    out += alphabet[static_cast<std::size_t>(random() * static_cast<double>(alphabet.size()))];
  return out;
}

}  // namespace ork::embedded

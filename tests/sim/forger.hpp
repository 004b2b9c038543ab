#pragma once

// Somebody who may write statuses and make objects, and does it badly or with bad intent: Jobs and Pods that look like
// ork's, and statuses that make no sense. Which of them says the fault's `wait`; where, the request that it names.

#include <nlohmann/json.hpp>
#include <string_view>

#include "operator/kube/transport.hpp"
#include "tests/sim/actor.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/meddler.hpp"

namespace ork::sim {

inline constexpr std::int64_t forgeries = 8;
inline constexpr std::int64_t defacements = 17;

// What a forged object is called ends so.
inline constexpr std::string_view forged_end = "-x";

// A Job or a Pod like the Job of ork's that is given; the same number, the same forgery. null: a change of that Job's
// own status instead, `status_of_job()`.
nlohmann::json forgery(const nlohmann::json& job, std::int64_t which);
nlohmann::json status_of_job();
// A merge patch of a run's status that makes nonsense of it.
nlohmann::json defacement(const nlohmann::json& run, std::int64_t which);

class Forger {
 public:
  // Both must outlive this. `transport` is the person's line to the API.
  Forger(kube::Transport& transport, Later& later) : transport_(transport), later_(later) {}

  void strike(const Fault& fault, const kube::Request& request);

 private:
  using Json = nlohmann::json;
  void forge(const Target& target, const Json& job, std::int64_t which);
  void write_status(const Target& target, const Json& patch);

  kube::Transport& transport_;
  Later& later_;
};

}  // namespace ork::sim

#include "tests/sim/meddler.hpp"

#include <array>

#include "controllers/api/meta.hpp"
#include "operator/reconcile/kinds.hpp"
#include "tests/sim/forger.hpp"

namespace ork::sim {

using Json = nlohmann::json;
using runtime::Duration;

namespace {

constexpr Duration a_while{20'000};
// As much as all annotations of an object together may have is 256 KiB.
constexpr std::size_t large_annotation = 100'000;

constexpr std::array own_labels = {api::label_managed_by, api::label_run,     api::label_run_uid,
                                   api::label_task,       api::label_attempt, api::label_workflow};

Json labels(const Json& value) {
  Json out = Json::object();
  for (const auto& label : own_labels) out[std::string(label)] = value;
  return {{"metadata", {{"labels", out}}}};
}

// The part of a path up to its next slash, which is taken off.
std::string next_part(std::string& path) {
  const std::string part = path.substr(0, path.find('/'));
  path.erase(0, part.size() + 1);
  return part;
}

}  // namespace

std::optional<Target> target_in(const kube::Request& request) {
  const std::size_t from = request.path.find("/namespaces/");
  if (from == std::string::npos) return std::nullopt;
  std::string path = request.path.substr(from + 12, request.path.find('?') - from - 12);
  Target target;
  target.ns = next_part(path);
  const std::string plural = next_part(path);
  target.name = next_part(path);
  if (target.name.empty() && request.method == kube::Method::Post) {
    const Json body = Json::parse(request.body, nullptr, false);
    if (body.is_object()) target.name = body.value("/metadata/name"_json_pointer, "");
  }
  for (const kube::Resource* resource : {&reconcile::workflow_runs(), &reconcile::jobs(), &reconcile::pods()}) {
    if (resource->plural == plural) target.resource = *resource;
  }
  if (target.name.empty() || target.resource.plural.empty()) return std::nullopt;
  return target;
}

void Meddler::strike(const Fault& fault, const kube::Request& request) {
  const auto target = target_in(request);
  if (!target) return;
  later_.in(Duration{fault.wait}, [this, target = *target, harm = fault.harm] { meddle(target, harm); });
}

void Meddler::meddle(const Target& target, Harm harm) {
  const bool is_job = target.resource.plural == "jobs";
  const bool is_run = target.resource.plural == "workflowruns";
  switch (harm) {
    case Harm::Unlabel: return edit(target, labels(nullptr));
    case Harm::Relabel: return edit(target, labels("7"));
    case Harm::Disown:
      // A Pod without an owner is adopted again by its Job controller: not what this one does.
      if (is_job) edit(target, {{"metadata", {{"ownerReferences", nullptr}}}});
      return;
    case Harm::Hold:
      return edit_for_a_while(target, {{"metadata", {{"finalizers", {"example.com/hold"}}}}},
                              {{"metadata", {{"finalizers", nullptr}}}});
    case Harm::Adorn:
      return edit(target, {{"metadata",
                            {{"labels", {{"example.com/team", "blue"}}},
                             {"annotations", {{"example.com/note", std::string(large_annotation, 'x')}}}}}});
    case Harm::Halt:
      // What the forger has made is to stay as it is, suspended.
      if (target.name.ends_with(forged_end)) return;
      if (is_job || is_run) edit_for_a_while(target, {{"spec", {{"suspend", true}}}}, {{"spec", {{"suspend", false}}}});
      return;
    case Harm::Narrow:
      if (is_job) edit_for_a_while(target, {{"spec", {{"parallelism", 0}}}}, {{"spec", {{"parallelism", 1}}}});
      return;
    default: return;
  }
}

void Meddler::edit_for_a_while(const Target& target, const Json& patch, const Json& undo) {
  edit(target, patch);
  later_.in(a_while, [this, target, undo] { edit(target, undo); });
}

// What is refused is let be: the object may be gone, or the field not be changed any more.
void Meddler::edit(const Target& target, const Json& patch) {
  transport_.call(
      kube::patch_request(target.resource, target.ns, target.name, "", kube::PatchType::Merge, patch.dump()),
      [](const auto&) {});
}

}  // namespace ork::sim

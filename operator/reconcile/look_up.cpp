#include "operator/reconcile/look_up.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "operator/kube/answer.hpp"
#include "operator/reconcile/answers.hpp"
#include "operator/reconcile/decode.hpp"
#include "operator/reconcile/kinds.hpp"

namespace ork::reconcile {
namespace {

using Answer = Result<kube::Response, kube::Error>;
using Json = nlohmann::json;

void look_up_object(kube::Transport& transport, kube::Request request, std::function<bool(const kube::Response&)> is_it,
                    LookedUp told) {
  transport.call(std::move(request), [is_it = std::move(is_it), told = std::move(told)](const Answer& answer) {
    if (answer) return told(is_it(*answer));
    if (answer.error().code == kube::Errc::NotFound) return told(false);
    told(Err(answer.error()));
  });
}

Json part_of(const Json& object, const char* field) {
  const auto it = object.is_object() ? object.find(field) : object.end();
  return it != object.end() && it->is_object() ? *it : Json::object();
}

// Without it no watch shows an object.
bool is_labelled(const Json& meta) { return part_of(meta, "labels").contains(api::label_run_uid); }

bool has_ended(const Json& pod) {
  const std::string phase = text_of(part_of(pod, "status"), "phase");
  return phase == "Succeeded" || phase == "Failed";
}

// As it is now, it stays.
void hold_ended(const Json& pod, Mirror& mirror) {
  if (!has_ended(pod)) return;
  try {
    const simdjson::padded_string text(pod.dump(-1, ' ', false, Json::error_handler_t::replace));
    simdjson::ondemand::parser parser;
    auto document = parser.iterate(text);
    simdjson::ondemand::object object = document.get_object();
    std::string run_uid;
    mirror.pods.apply(read_pod(object, run_uid));
  } catch (const simdjson::simdjson_error&) {
    // Not what the API promises: as if it were not there.
  }
}

// A Job without its label gets it again, unless it has changed meanwhile.
void look_up_job(kube::Transport& transport, const std::string& ns, const std::string& owner_uid,
                 const std::string& name, LookedUp told) {
  transport.call(kube::get_request(jobs(), ns, name),
                 [&transport, ns, owner_uid, name, told = std::move(told)](const Answer& answer) {
                   if (!answer && answer.error().code == kube::Errc::NotFound) return told(false);
                   if (!answer) return told(Err(answer.error()));
                   const auto job = read_job_answer(answer->body);
                   if (!job) return told(Err(unreadable_answer("Job " + name)));
                   if (job->meta.owner_uid != owner_uid) return told(false);
                   const Json meta = part_of(Json::parse(answer->body, nullptr, false), "metadata");
                   if (is_labelled(meta)) return told(true);
                   const Json patch = {{"metadata",
                                        {{"uid", job->meta.uid},
                                         {"resourceVersion", job->meta.resource_version},
                                         {"labels", {{api::label_run_uid, owner_uid}}}}}};
                   transport.call(kube::patch_request(jobs(), ns, name, "", kube::PatchType::Merge, patch.dump()),
                                  [told](const Answer& patched) {
                                    if (!patched) return told(Err(patched.error()));
                                    told(true);
                                  });
                 });
}

bool has_ended(const api::Pod& pod) {
  return pod.phase == api::PodPhase::Succeeded || pod.phase == api::PodPhase::Failed;
}

// What the mirror holds as alive. Where the API server has it otherwise, the watch is going to show how it ended.
std::set<std::string> seen_alive(const Mirror& mirror, const std::string& job_uid) {
  std::set<std::string> out;
  for (const api::Pod* pod : mirror.pods.owned_by(job_uid)) {
    if (!has_ended(*pod)) out.insert(pod->meta.uid);
  }
  return out;
}

struct PodPage {
  bool unseen = false;  // it names a Pod of the Job that the mirror does not hold
  std::string continue_token;
};

// Those that do live are taken out of `seen_alive`.
std::optional<PodPage> read_page(const std::string& body, const std::string& job_uid, Mirror& mirror,
                                 std::set<std::string>& seen_alive) {
  const Json list = Json::parse(body, nullptr, false);
  if (!list.is_object() || !list.contains("items") || !list.at("items").is_array()) return std::nullopt;
  PodPage page;
  for (const Json& pod : list.at("items")) {
    const Json meta = pod.is_object() ? pod.value("metadata", Json::object()) : Json::object();
    const Json owners = meta.is_object() ? meta.value("ownerReferences", Json::array()) : Json::array();
    const bool ours =
        std::any_of(owners.begin(), owners.end(), [&](const Json& owner) { return text_of(owner, "uid") == job_uid; });
    if (!ours) continue;
    const std::string uid = text_of(meta, "uid");
    if (!has_ended(pod)) seen_alive.erase(uid);
    if (mirror.pods.find_uid(uid) != nullptr) continue;
    page.unseen = true;
    if (!is_labelled(meta)) hold_ended(pod, mirror);
  }
  page.continue_token = text_of(list.value("metadata", Json::object()), "continue");
  return page;
}

// Page after page, until one has a Pod that was not seen.
void look_up_pods(kube::Transport& transport, Mirror& mirror, const std::string& ns, const run::Missing& job,
                  std::set<std::string> alive, const std::string& continue_token, LookedUp told) {
  kube::ListOptions options;
  options.label_selector = "batch.kubernetes.io/job-name=" + job.name;
  options.continue_token = continue_token;
  auto request = kube::list_request(pods(), ns, options);
  const kube::Request sent = request;
  transport.call(std::move(request), [&transport, &mirror, ns, job, alive = std::move(alive), sent,
                                      told = std::move(told)](const Answer& answer) mutable {
    if (!answer) return told(Err(answer.error()));
    const auto page = read_page(answer->body, job.uid, mirror, alive);
    if (!page) return told(Err(kube::error_about(sent, kube::Errc::Malformed, "was not answered by a list")));
    if (page->unseen) return told(true);
    if (page->continue_token.empty()) return told(!alive.empty());
    look_up_pods(transport, mirror, ns, job, std::move(alive), page->continue_token, std::move(told));
  });
}

}  // namespace

void look_up(kube::Transport& transport, Mirror& mirror, const std::string& ns, const std::string& owner_uid,
             const run::Missing& missing, LookedUp told) {
  switch (missing.kind) {
    case run::Missing::Kind::Pods:
      return look_up_pods(transport, mirror, ns, missing, seen_alive(mirror, missing.uid), "", std::move(told));
    case run::Missing::Kind::Job: return look_up_job(transport, ns, owner_uid, missing.name, std::move(told));
    case run::Missing::Kind::Revision:
      return look_up_object(
          transport, kube::get_request(controller_revisions(), ns, missing.name),
          [](const kube::Response&) { return true; }, std::move(told));
    case run::Missing::Kind::Run: return;  // earlier_run.hpp
  }
}

void look_up_workflow(kube::Transport& transport, const std::string& ns, const std::string& name, LookedUp told) {
  look_up_object(
      transport, kube::get_request(workflows(), ns, name), [](const kube::Response&) { return true; }, std::move(told));
}

}  // namespace ork::reconcile

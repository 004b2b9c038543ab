#include "operator/reconcile/look_up.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "operator/kube/answer.hpp"
#include "operator/reconcile/answers.hpp"
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

struct PodPage {
  bool unseen = false;  // it names a Pod of the Job that the mirror does not hold
  std::string continue_token;
};

std::optional<PodPage> read_page(const std::string& body, const std::string& job_uid, const Mirror& mirror) {
  const Json list = Json::parse(body, nullptr, false);
  if (!list.is_object() || !list.contains("items") || !list.at("items").is_array()) return std::nullopt;
  PodPage page;
  const auto text = [](const Json& object, const char* field) {
    const auto it = object.is_object() ? object.find(field) : object.end();
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  for (const Json& pod : list.at("items")) {
    const Json meta = pod.is_object() ? pod.value("metadata", Json::object()) : Json::object();
    const Json owners = meta.is_object() ? meta.value("ownerReferences", Json::array()) : Json::array();
    const bool ours =
        std::any_of(owners.begin(), owners.end(), [&](const Json& owner) { return text(owner, "uid") == job_uid; });
    if (ours && mirror.pods.find_uid(text(meta, "uid")) == nullptr) page.unseen = true;
  }
  page.continue_token = text(list.value("metadata", Json::object()), "continue");
  return page;
}

// Page after page, until one has a Pod that was not seen.
void look_up_pods(kube::Transport& transport, const Mirror& mirror, const std::string& ns, const run::Missing& job,
                  const std::string& continue_token, LookedUp told) {
  kube::ListOptions options;
  options.label_selector = "batch.kubernetes.io/job-name=" + job.name;
  options.continue_token = continue_token;
  auto request = kube::list_request(pods(), ns, options);
  const kube::Request sent = request;
  transport.call(std::move(request),
                 [&transport, &mirror, ns, job, sent, told = std::move(told)](const Answer& answer) mutable {
                   if (!answer) return told(Err(answer.error()));
                   const auto page = read_page(answer->body, job.uid, mirror);
                   if (!page)
                     return told(Err(kube::error_about(sent, kube::Errc::Malformed, "was not answered by a list")));
                   if (page->unseen || page->continue_token.empty()) return told(page->unseen);
                   look_up_pods(transport, mirror, ns, job, page->continue_token, std::move(told));
                 });
}

}  // namespace

void look_up(kube::Transport& transport, const Mirror& mirror, const std::string& ns, const std::string& owner_uid,
             const run::Missing& missing, LookedUp told) {
  switch (missing.kind) {
    case run::Missing::Kind::Pods: return look_up_pods(transport, mirror, ns, missing, "", std::move(told));
    case run::Missing::Kind::Job:
      return look_up_object(
          transport, kube::get_request(jobs(), ns, missing.name),
          [owner_uid](const kube::Response& answer) {
            const auto job = read_job_answer(answer.body);
            return job && job->meta.owner_uid == owner_uid;
          },
          std::move(told));
    case run::Missing::Kind::Revision:
      return look_up_object(
          transport, kube::get_request(controller_revisions(), ns, missing.name),
          [](const kube::Response&) { return true; }, std::move(told));
  }
}

void look_up_workflow(kube::Transport& transport, const std::string& ns, const std::string& name, LookedUp told) {
  look_up_object(
      transport, kube::get_request(workflows(), ns, name), [](const kube::Response&) { return true; }, std::move(told));
}

}  // namespace ork::reconcile

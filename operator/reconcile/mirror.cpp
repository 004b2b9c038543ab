#include "operator/reconcile/mirror.hpp"

#include <nlohmann/json.hpp>

#include "controllers/run/actions.hpp"
#include "controllers/run/children.hpp"
#include "controllers/run/limits.hpp"
#include "operator/reconcile/decode.hpp"

namespace ork::reconcile {
namespace {

using simdjson::ondemand::object;

// Kinds of our own: seldom, small in number, and kept whole.
template <typename T, typename Decode>
Result<T, runtime::DecodeError> read_whole(object& json, Decode decode) {
  const std::string_view raw = json.raw_json();
  const nlohmann::json parsed = nlohmann::json::parse(raw, nullptr, false);
  if (parsed.is_discarded()) return Err(runtime::DecodeError{"it is not valid JSON"});
  auto value = decode(parsed);
  if (!value) return Err(runtime::DecodeError{value.error().sentence()});
  return std::move(*value);
}

void insert(std::unordered_map<std::string, std::set<std::string>>& index, const std::string& key, std::string value) {
  index[key].insert(std::move(value));
}

void erase(std::unordered_map<std::string, std::set<std::string>>& index, const std::string& key,
           const std::string& value) {
  const auto it = index.find(key);
  if (it == index.end()) return;
  it->second.erase(value);
  if (it->second.empty()) index.erase(it);
}

bool has_to_be_watched(const api::TaskStatus& task) {
  return task.phase == api::Phase::Cancelled || task.phase == api::Phase::Failed ||
         task.phase == api::Phase::UpstreamFailed || task.reason == run::reason_marked_succeeded;
}

}  // namespace

std::string workflow_key_of(const api::WorkflowRun& run) {
  return run.spec.workflow_ref.empty() ? "" : run.meta.ns + "/" + run.spec.workflow_ref;
}

std::string workflow_key_of(const api::Revision& revision) { return revision.meta.ns + "/" + revision.workflow; }

std::string share_key_of(const api::WorkflowRun& run) {
  return run.spec.workflow_ref.empty() ? api::key_of(run.meta) : workflow_key_of(run);
}

void trim_finished(api::WorkflowRun& run) {
  if (!api::is_final(run.status.phase)) return;
  std::erase_if(run.status.tasks, [](const api::TaskStatusPtr& task) { return !has_to_be_watched(*task); });
  for (api::TaskStatusPtr& task : run.status.tasks) {
    api::TaskStatus bare;
    bare.name = task->name;
    bare.phase = task->phase;
    bare.reason = task->reason;
    bare.attempt = task->attempt;
    bare.count = task->count;
    task = std::make_shared<const api::TaskStatus>(std::move(bare));
  }
  run.status.tasks.shrink_to_fit();
  run.status.message.clear();
  run.spec.workflow.reset();
  run.spec.params = nullptr;
  run.traceparent = std::string();
}

Mirror::Mirror(MirrorListener listener)
    : listener_(std::move(listener)),
      run_sink_(runs, {.read =
                           [this](object& json) {
                             auto run = read_whole<api::WorkflowRun>(json, api::decode_workflow_run);
                             if (run) trim(*run);
                             return run;
                           },
                       .keep =
                           [this](const api::WorkflowRun& run) {
                             note_suspension(run);
                             return true;
                           },
                       .changed = [this](const api::WorkflowRun& run) { run_changed(run); },
                       .gone = [this](const api::WorkflowRun& run) { run_gone(run); },
                       .skip_echoes = true}),
      workflow_sink_(workflows,
                     {.read = [](object& json) { return read_whole<api::Workflow>(json, api::decode_workflow); },
                      .changed = [this](const api::Workflow& w) { listener_.workflow_changed(api::key_of(w.meta)); },
                      .gone = [this](const api::Workflow& w) { listener_.workflow_changed(api::key_of(w.meta)); },
                      .skip_echoes = true}),
      revision_sink_(revisions,
                     {.read = [](object& json) { return read_whole<api::Revision>(json, api::decode_revision); },
                      .changed =
                          [this](const api::Revision& r) {
                            insert(revisions_of_workflow_, workflow_key_of(r), r.meta.name);
                            listener_.workflow_changed(workflow_key_of(r));
                          },
                      .gone =
                          [this](const api::Revision& r) {
                            erase(revisions_of_workflow_, workflow_key_of(r), r.meta.name);
                            listener_.workflow_changed(workflow_key_of(r));
                          },
                      .skip_echoes = true}),
      job_sink_(jobs, {.read = [](object& json) -> Result<api::Job, runtime::DecodeError> { return read_job(json); },
                       .keep =
                           [this](const api::Job& job) {
                             note_owner(job);
                             if (keep_job(job)) return true;
                             drop_pods_of(job);
                             return false;
                           },
                       .changed = [this](const api::Job& job) { job_changed(job); },
                       .gone = [this](api::Job job) { job_gone(std::move(job)); }}),
      pod_sink_(pods, {.read = [this](object& json) -> Result<api::Pod, runtime::DecodeError> {
                         pod_run_uid_.clear();
                         return read_pod(json, pod_run_uid_);
                       },
                       .keep =
                           [this](const api::Pod& pod) {
                             // A Pod may be heard of before its Job, and before its run, but not after its run has
                             // ended.
                             const api::WorkflowRun* run = runs.find_uid(pod_run_uid_);
                             const bool live = run == nullptr || !api::is_final(run->status.phase);
                             // Of a finished one those of Jobs that are not marked as finished yet: they say that
                             // nothing of it runs any more.
                             return live || jobs.find_uid(pod.meta.owner_uid) != nullptr;
                           },
                       .changed = [this](const api::Pod& pod) { pod_changed(pod); },
                       .gone = [this](const api::Pod& pod) { pod_gone(pod); }}) {}

std::vector<const api::WorkflowRun*> Mirror::runs_of(std::string_view workflow_key) const {
  std::vector<const api::WorkflowRun*> out;
  const auto it = runs_of_workflow_.find(std::string(workflow_key));
  if (it == runs_of_workflow_.end()) return out;
  for (const std::string& key : it->second) {
    if (const api::WorkflowRun* run = runs.find(runtime::ObjectKey::parse(key))) out.push_back(run);
  }
  return out;
}

std::vector<const api::Revision*> Mirror::revisions_of(std::string_view workflow_key) const {
  std::vector<const api::Revision*> out;
  const auto it = revisions_of_workflow_.find(std::string(workflow_key));
  if (it == revisions_of_workflow_.end()) return out;
  const std::string_view ns = runtime::ObjectKey::parse(workflow_key).ns;
  for (const std::string& name : it->second) {
    if (const api::Revision* revision = revisions.find({ns, name})) out.push_back(revision);
  }
  return out;
}

const std::vector<api::Pod>* Mirror::ended_pods(const std::string& job_uid) const {
  const auto it = ended_pods_.find(job_uid);
  return it == ended_pods_.end() ? nullptr : &it->second;
}

const std::vector<LostJob>* Mirror::lost_jobs(std::string_view run_uid) const {
  const auto it = lost_.find(std::string(run_uid));
  return it == lost_.end() ? nullptr : &it->second;
}

void Mirror::forget_lost_job(const std::string& run_uid, const std::string& job_uid) {
  const auto it = lost_.find(run_uid);
  if (it == lost_.end()) return;
  std::erase_if(it->second, [&](const LostJob& lost) { return lost.job.meta.uid == job_uid; });
  if (it->second.empty()) lost_.erase(it);
}

void Mirror::confirm_lost_job(const std::string& run_uid, const std::string& job) {
  const auto it = lost_.find(run_uid);
  if (it == lost_.end()) return;
  for (LostJob& lost : it->second) lost.job.deleted = lost.job.deleted || lost.job.meta.name == job;
}

void Mirror::trim(api::WorkflowRun& run) {
  if (!api::is_final(run.status.phase)) return;
  results_.add(run);
  trim_finished(run);
}

void Mirror::note_made(api::WorkflowRun run) {
  trim(run);
  const std::string uid = run.meta.uid;
  runs.note_written(std::move(run));
  if (const api::WorkflowRun* held = runs.find_uid(uid)) run_changed(*held);
}

void Mirror::note_written(api::WorkflowRun run) {
  trim(run);
  const std::string uid = run.meta.uid;
  const bool final = api::is_final(run.status.phase);
  const api::WorkflowRun* before = runs.find_uid(uid);
  const bool is_news = before == nullptr || before->status.phase != run.status.phase;
  runs.note_written(std::move(run));
  if (final) forget_work_of(uid);
  const api::WorkflowRun* held = runs.find_uid(uid);
  if (held == nullptr) return;
  if (is_news) tell_parent(*held);
  tell_unwanted(*held);
}

// Only the controller owner counts: a label can be written by anybody.
const api::WorkflowRun* Mirror::run_of(const api::Job& job) const {
  return job.meta.owner_uid.empty() ? nullptr : runs.find_uid(job.meta.owner_uid);
}

bool Mirror::keep_job(const api::Job& job) const {
  if (!job.finished) return true;
  const api::WorkflowRun* run = run_of(job);
  return run == nullptr || !api::is_final(run->status.phase);
}

void Mirror::job_changed(const api::Job& job) {
  const api::WorkflowRun* run = run_of(job);
  if (run == nullptr) return;
  forget_lost_job(run->meta.uid, job.meta.uid);
  listener_.run_changed(api::key_of(run->meta));
}

void Mirror::note_owner(const api::Job& job) {
  const api::Job* held = jobs.find_uid(job.meta.uid);
  if (held != nullptr && held->meta.owner_uid != job.meta.owner_uid) job_gone(*held);
}

void Mirror::job_gone(api::Job job) {
  LostJob lost;
  if (auto ended = ended_pods_.extract(job.meta.uid)) lost.pods = std::move(ended.mapped());
  const api::WorkflowRun* run = run_of(job);
  if (run == nullptr || api::is_final(run->status.phase)) return;
  for (const api::Pod* pod : pods.owned_by(job.meta.uid)) lost.pods.push_back(*pod);
  lost.job = std::move(job);
  lost_[run->meta.uid].push_back(std::move(lost));
  listener_.run_changed(api::key_of(run->meta));
}

void Mirror::pod_changed(const api::Pod& pod) {
  if (const api::Job* job = jobs.find_uid(pod.meta.owner_uid)) job_changed(*job);
}

void Mirror::pod_gone(const api::Pod& pod) {
  const api::Job* job = jobs.find_uid(pod.meta.owner_uid);
  if (job == nullptr) return;
  const api::WorkflowRun* run = run_of(*job);
  if (run == nullptr || api::is_final(run->status.phase)) return;
  if (pod.phase == api::PodPhase::Succeeded || pod.phase == api::PodPhase::Failed) {
    std::vector<api::Pod>& ended = ended_pods_[job->meta.uid];
    // A Pod that lost its label may be shown again, and go again.
    std::erase_if(ended, [&](const api::Pod& held) { return held.meta.uid == pod.meta.uid; });
    ended.push_back(pod);
  }
  job_changed(*job);
}

void Mirror::run_changed(const api::WorkflowRun& run) {
  const std::string workflow = workflow_key_of(run);
  if (!workflow.empty()) insert(runs_of_workflow_, workflow, api::key_of(run.meta));
  if (api::is_final(run.status.phase)) {
    forget_work_of(run.meta.uid);
    // Its end may be news: of another operator, or of a write of ours whose answer could not be read.
    if (!workflow.empty()) listener_.workflow_changed(workflow);
  }
  listener_.run_changed(api::key_of(run.meta));
  tell_parent(run);
  tell_unwanted(run);
}

void Mirror::tell_parent(const api::WorkflowRun& run) {
  const api::WorkflowRun* parent = run.spec.child_of ? runs.find_uid(run.meta.owner_uid) : nullptr;
  if (parent != nullptr) listener_.run_changed(api::key_of(parent->meta));
}

void Mirror::tell_unwanted(const api::WorkflowRun& run) {
  for (const api::WorkflowRun* child : runs.owned_by(run.meta.uid)) {
    if (!child->spec.child_of || api::is_final(child->status.phase)) continue;
    if (run::is_unwanted(run, *child->spec.child_of)) listener_.run_changed(api::key_of(child->meta));
  }
}

void Mirror::note_suspension(const api::WorkflowRun& run) {
  const api::WorkflowRun* held = runs.find_uid(run.meta.uid);
  if (held != nullptr && held->spec.suspend != run.spec.suspend) tell_all_below(run.meta.uid, 1);
}

// As deep as runs call runs.
void Mirror::tell_all_below(const std::string& run_uid, std::size_t depth) {
  if (depth >= run::max_call_depth) return;
  for (const api::WorkflowRun* child : runs.owned_by(run_uid)) {
    if (api::is_final(child->status.phase)) continue;
    listener_.run_changed(api::key_of(child->meta));
    tell_all_below(child->meta.uid, depth + 1);
  }
}

void Mirror::run_gone(const api::WorkflowRun& run) {
  const std::string workflow = workflow_key_of(run);
  if (!workflow.empty()) erase(runs_of_workflow_, workflow, api::key_of(run.meta));
  lost_.erase(run.meta.uid);
  results_.remove(run);
  listener_.run_gone(run);
  tell_parent(run);
  if (!workflow.empty()) listener_.workflow_changed(workflow);
}

void Mirror::drop_pods_of(const api::Job& job) {
  ended_pods_.erase(job.meta.uid);
  const auto owned = pods.owned_by(job.meta.uid);
  for (const api::Pod* pod : std::vector<const api::Pod*>(owned.begin(), owned.end())) {
    pods.remove({pod->meta.ns, pod->meta.name}, "");
  }
}

// A Job that is not marked yet is held with its Pods, ended or not: they say whether anything of it still runs. It is
// dropped when it is marked.
void Mirror::forget_work_of(const std::string& run_uid) {
  lost_.erase(run_uid);
  const auto owned = jobs.owned_by(run_uid);
  for (const api::Job* job : std::vector<const api::Job*>(owned.begin(), owned.end())) {
    if (!job->finished) continue;
    drop_pods_of(*job);
    jobs.remove({job->meta.ns, job->meta.name}, "");
  }
}

}  // namespace ork::reconcile

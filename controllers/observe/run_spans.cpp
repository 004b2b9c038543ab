#include "controllers/observe/run_spans.hpp"

#include <algorithm>
#include <string>

#include "controllers/observe/observations.hpp"
#include "controllers/observe/trace.hpp"

namespace ork::observe {
namespace {

using api::Phase;
using api::TaskStatus;

// Attempts up to this one have ended.
int last_ended(const TaskStatus& task) {
  return api::is_final(task.phase) || task.phase == Phase::Retrying ? task.attempt : task.attempt - 1;
}

class Spans {
 public:
  Spans(const api::RunStatus& before, const api::WorkflowRun& after)
      : before_(before), run_(after), trace_(trace_of(after)), run_span_(run_span_id(after.meta.uid)) {}

  std::vector<Span> spans() {
    if (!trace_.sampled) return {};
    static const TaskStatus none;
    for (std::size_t i = 0; i < run_.status.tasks.size(); ++i) {
      const TaskStatus& task = *run_.status.tasks[i];
      const TaskStatus* stored = stored_as(before_, run_.status, i);
      if (stored != &task && !task.is_inherited()) add_task(stored == nullptr ? none : *stored, task);
    }
    if (!api::is_final(before_.phase) && api::is_final(run_.status.phase)) add_run();
    return std::move(out_);
  }

 private:
  void add_task(const TaskStatus& stored, const TaskStatus& task) {
    for (int attempt = std::max(1, last_ended(stored) + 1); attempt <= last_ended(task); ++attempt) {
      const auto ended = std::find_if(task.attempts.begin(), task.attempts.end(),
                                      [&](const api::Attempt& one) { return one.attempt == attempt; });
      if (ended != task.attempts.end()) {
        add_ended(task, *ended);
      } else if (attempt == task.attempt && task.start_ms != 0) {
        add_last(task, attempt);
      }
    }
    const bool has_waited = task.attempt == 0 && task.start_ms != 0;  // one that only waits
    if (has_waited && !api::is_final(stored.phase) && api::is_final(task.phase)) add_last(task, 0);
  }

  void add_ended(const TaskStatus& task, const api::Attempt& attempt) {
    const bool is_good = task.phase == Phase::Succeeded && attempt.attempt == task.attempt;
    Span span = of_attempt(task, attempt.attempt, attempt.job.empty() ? attempt.run : attempt.job,
                           is_good ? Result::Success : result_of(Phase::Failed, attempt.cause));
    span.start_ms = attempt.start_ms != 0 ? attempt.start_ms : attempt.completion_ms;
    span.end_ms = attempt.completion_ms;
    span.message = span.failed ? attempt.message : "";
    if (!attempt.node.empty()) span.attributes.emplace_back("k8s.node.name", attempt.node);
    add_ending(span, attempt.exit_code, attempt.reason);
    out_.push_back(std::move(span));
  }

  // The newest attempt, of which nothing is kept but the task's own end. After others it began when the last of them
  // ended.
  void add_last(const TaskStatus& task, int attempt) {
    Span span = of_attempt(task, attempt, task.job.empty() ? task.run : task.job, result_of(task.phase, task.cause));
    const bool is_first = attempt <= 1 || task.attempts.empty();
    span.start_ms = is_first ? task.start_ms : std::max(task.start_ms, task.attempts.back().completion_ms);
    span.end_ms = task.completion_ms;
    span.message = span.failed ? task.message : "";
    add_ending(span, task.exit_code, task.reason);
    out_.push_back(std::move(span));
  }

  Span of_attempt(const TaskStatus& task, int attempt, const std::string& job, Result result) const {
    Span span{.trace_id = trace_.trace_id,
              .span_id = attempt_span_id(run_.meta.uid, task.name, attempt),
              .parent_id = run_span_,
              .name = "TASK " + task.name};
    span.failed = result == Result::Failure || result == Result::Error || result == Result::Timeout;
    span.attributes = {{"cicd.pipeline.task.name", task.name},
                       {"cicd.pipeline.task.run.id", job},
                       {"cicd.pipeline.task.run.result", std::string(to_string(result))},
                       {"k8s.namespace.name", run_.meta.ns},
                       {"ork.run.name", run_.meta.name},
                       {"ork.attempt", std::to_string(attempt)}};
    return span;
  }

  static void add_ending(Span& span, const std::optional<int>& exit_code, const std::string& reason) {
    if (exit_code) span.attributes.emplace_back("process.exit.code", std::to_string(*exit_code));
    if (span.failed && !reason.empty()) span.attributes.emplace_back("error.type", reason);
  }

  void add_run() {
    const api::RunStatus& status = run_.status;
    const std::string& name = status.workflow.empty() ? run_.spec.workflow_ref : status.workflow;
    Span span{.trace_id = trace_.trace_id,
              .span_id = run_span_,
              .parent_id = trace_.parent_id,
              .name = "RUN " + (name.empty() ? run_.meta.name : name),
              .kind = SpanKind::Server};
    span.start_ms = status.start_ms != 0 ? status.start_ms : run_.meta.creation_ms;
    span.end_ms = std::max(span.start_ms, status.completion_ms);
    span.failed = status.phase == Phase::Failed;
    span.message = span.failed ? status.message : "";
    span.attributes = {{"cicd.pipeline.name", name},
                       {"cicd.pipeline.run.id", run_.meta.uid},
                       {"cicd.pipeline.result", std::string(to_string(result_of(status)))},
                       {"k8s.namespace.name", run_.meta.ns},
                       {"ork.run.name", run_.meta.name}};
    out_.push_back(std::move(span));
  }

  const api::RunStatus& before_;
  const api::WorkflowRun& run_;
  const Trace trace_;
  const std::string run_span_;
  std::vector<Span> out_;
};

}  // namespace

std::vector<Span> spans_of(const api::RunStatus& before, const api::WorkflowRun& after) {
  return Spans(before, after).spans();
}

}  // namespace ork::observe

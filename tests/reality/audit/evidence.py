"""The history read as runs, tasks, attempts and Pods: what had been shown at a place in the order of writes."""

import collections
import re

from audit.log import POD_ENDED, metadata, phase, status

FINAL_RUN = ("Succeeded", "Failed", "Cancelled")
FINAL_TASK = ("Succeeded", "Failed", "Skipped", "UpstreamFailed", "Cancelled")
INDEX = "batch.kubernetes.io/job-completion-index"
NAMED_TASK = re.compile(r"\btasks\.([A-Za-z0-9-]+)\.")
NEVER = float("inf")


def task_of(state, name):
    """The task's entry in a run's status; {} where it has none yet."""
    return next((task for task in status(state).get("tasks") or [] if task.get("name") == name), {})


def job_is(state, *kinds):
    """Whether the Job has one of these conditions."""
    return any(found.get("type") in kinds and found.get("status") == "True"
               for found in status(state).get("conditions") or [])


def container_states(pod):
    return [found.get("state", {}) for found in status(pod).get("containerStatuses") or []]


def has_started(pod):
    states = container_states(pod)
    return phase(pod) in POD_ENDED or any("running" in found or "terminated" in found for found in states)


def place_of(version, otherwise=NEVER):
    return version.place if version else otherwise


class Attempt:
    """A Job of ork's, and its Pods."""

    def __init__(self, job):
        self.job = job
        self.task = job.labels.get("ork.dev/task", "")
        number = job.labels.get("ork.dev/attempt", "")
        self.number = int(number) if number.isdigit() else 0
        self.run_uid = job.owner
        self.pods = []

    def __str__(self):
        return f"attempt {self.number} of task {self.task} (Job {self.job.ns}/{self.job.name})"

    def has_ended_before(self, place):
        """By its Job's word, or its Pods', or because it is not there any more."""
        gone = self.job.gone if self.job.gone is not None else NEVER
        over = place_of(self.job.first(lambda job: job_is(job, "Complete", "Failed", "FailureTarget",
                                                          "SuccessCriteriaMet")))
        if min(gone, over) < place:
            return True
        shown = [pod for pod in self.pods if pod.made < place]
        return bool(shown) and all(ended(pod) < place for pod in shown)


def started(pod):
    return place_of(pod.first(has_started))


def ended(pod):
    """Its end by its own word, or its being taken away."""
    by_itself = place_of(pod.first(lambda state: phase(state) in POD_ENDED))
    return min(by_itself, pod.gone if pod.gone is not None else NEVER)


def succeeded(pod):
    return place_of(pod.first(lambda state: phase(state) == "Succeeded"))


def index_of(pod):
    text = metadata(pod.last).get("annotations", {}).get(INDEX, "")
    return int(text) if text.isdigit() else -1


class Evidence:
    def __init__(self, history):
        self.history = history
        self.runs = {run.uid: run for run in history.of("workflowruns")}
        self.attempts = sorted((Attempt(job) for job in history.of("jobs") if "ork.dev/task" in job.labels),
                               key=lambda attempt: attempt.job.made)
        by_job = {attempt.job.uid: attempt for attempt in self.attempts}
        self.pods = [pod for pod in history.of("pods") if pod.owner in by_job]
        for pod in self.pods:
            by_job[pod.owner].pods.append(pod)
        self.definitions = {}  # run uid -> its tasks by name, or None
        self.of_task = collections.defaultdict(list)
        for attempt in self.attempts:
            self.of_task[attempt.run_uid, attempt.task].append(attempt)

    def tasks(self, run):
        """name -> the task as the run runs it; None where the log does not show its definition."""
        if run.uid not in self.definitions:
            self.definitions[run.uid] = self.tasks_as_defined(run) if run.versions else None
        return self.definitions[run.uid]

    def tasks_as_defined(self, run):
        spec = run.last.get("spec", {})
        definition = spec.get("workflow")
        if definition is None:
            definition = self.definition_named(run, spec.get("workflowRef", {}).get("name"))
        if definition is None:
            return None
        defaults = definition.get("defaults") or {}
        shared = {key: defaults[key] for key in ("retry", "onFailure") if key in defaults}
        return {task["name"]: {**shared, **task} for task in definition.get("tasks") or []}

    def definition_named(self, run, name):
        """By the revision that the run pins; else the Workflow as it stood when the run began."""
        pinned = status(run.last).get("revision")
        for revision in self.history.of("controllerrevisions"):
            if revision.ns == run.ns and revision.name == pinned:
                return revision.last.get("data")
        for workflow in self.history.of("workflows"):
            if workflow.ns == run.ns and workflow.name == name and workflow.made < run.versions[-1].place:
                return workflow.last.get("spec")
        return None

    def upstream(self, task, tasks):
        return self.read_by(task, tasks) | set(task.get("dependsOn") or [])

    def read_by(self, task, tasks):
        """The tasks that its expressions name."""
        fields = ("inputs", "when", "count", "forEach", "matrix")
        return set(NAMED_TASK.findall(" ".join(str(task.get(field, "")) for field in fields))) & set(tasks)

    def indexes(self, run, task):
        """What an expression has given says the task's Job; without a Job, over nothing, there is none."""
        count = task.get("count", task.get("forEach"))
        if isinstance(count, (list, dict)):
            count = len(count)
        if isinstance(count, str) or "matrix" in task:
            attempts = self.of_task[run.uid, task["name"]]
            count = attempts[0].job.last.get("spec", {}).get("completions", 0) if attempts else 0
        return list(range(count)) if isinstance(count, int) else [-1]

    def all_succeeded_before(self, run, task, place):
        """Names the first index without a Pod that had ended well by then; None: there is none."""
        good = {index_of(pod) for attempt in self.of_task[run.uid, task["name"]] for pod in attempt.pods
                if succeeded(pod) < place}
        return next((index for index in self.indexes(run, task) if index not in good), None)

    def final(self, run):
        """The version with which it ended; None."""
        return run.first(lambda state: phase(state) in FINAL_RUN)

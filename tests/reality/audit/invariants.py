"""What must hold of runs, tasks, attempts and Pods, read from the history of writes alone.

Numbers are those of docs/reliability.md. A check sees only what the log shows: a Pod has started when its status said
so for the first time.
"""

import collections

from audit.checks import Check
from audit.evidence import FINAL_RUN, FINAL_TASK, NEVER, ended, index_of, job_is, started, task_of
from audit.log import metadata, phase, status

INFRASTRUCTURE_RETRIES = 5


def all_checks(evidence, user, complete, whole=True):
    """complete: the log ends when all had time to end, so what is not there by then is missing. whole: no server was
    killed."""
    checks = [pods_overlap(evidence, user, whole), attempts_once(evidence), attempts_in_order(evidence),
              upstream_first(evidence), phases_stay(evidence), successes_have_pods(evidence), complete_counts(evidence),
              nothing_after_the_end(evidence, user), counts_add_up(evidence)]
    if complete:
        checks += [runs_end(evidence), nothing_left(evidence, whole)]
    return checks


def pods_overlap(evidence, user, whole):
    check = Check("I1", "no two Pods of one index run at the same time")
    places = collections.defaultdict(list)
    for attempt in evidence.attempts:
        for pod in attempt.pods:
            check.looked_at += 1
            if started(pod) < NEVER:
                places[attempt.run_uid, attempt.task, index_of(pod)].append((started(pod), pod, attempt))
    for (_, _, index), pods in places.items():
        pods.sort(key=lambda found: found[0])
        for (_, before, earlier), (begun, pod, attempt) in zip(pods, pods[1:]):
            if ended(before) <= begun:
                continue
            if earlier.job.deletion is not None and earlier.job.deletion.user != user:
                check.notes.append(f"Pod {before.name} ran beside {pod.name}: somebody deleted its Job")
                continue
            if earlier is attempt and not whole:
                # The Job controller counts on its own view, which a server that died has left behind.
                check.notes.append(f"Pod {before.name} ran beside {pod.name}: the Job controller made both")
                continue
            check.against(f"Pod {pod.ns}/{pod.name} of {attempt}, index {index}, starts while Pod {before.name} of "
                          f"{earlier} runs", pod.first(lambda state: True).entry)
    return check


def is_named(evidence, attempt, place):
    """Whether the run's status told of this attempt before that place."""
    run = evidence.runs.get(attempt.run_uid)
    version = run.before(place) if run else None
    return version is not None and task_of(version.state, attempt.task).get("attempt", 0) >= attempt.number


def attempts_once(evidence):
    check = Check("I1", "no attempt is made twice")
    for attempts in evidence.of_task.values():
        seen = {}
        for attempt in attempts:
            check.looked_at += 1
            before = seen.setdefault(attempt.number, attempt)
            if before is attempt:
                continue
            made = attempt.job.made
            if before.job.gone is not None and before.job.gone < made and not is_named(evidence, attempt, made):
                check.notes.append(f"{attempt} is made again: its Job was deleted before a status named it")
                continue
            check.against(f"{attempt} is made again", attempt.job.made_by)
    return check


def attempts_in_order(evidence):
    check = Check("I2", "attempts are 1, 2, 3, ..., each made after the end of the one before, within the budgets")
    for (run_uid, name), attempts in evidence.of_task.items():
        by_number = {}
        for attempt in attempts:
            check.looked_at += 1
            by_number.setdefault(attempt.number, attempt)
            if attempt.number <= 1:
                continue
            before = by_number.get(attempt.number - 1)
            if before is None:
                check.against(f"{attempt} is made without an attempt {attempt.number - 1} before it",
                              attempt.job.made_by)
            elif not before.has_ended_before(attempt.job.made) and not told_ended(evidence, before, attempt.job.made):
                check.against(f"{attempt} is made before {before} has ended", attempt.job.made_by)
        within_budget(evidence, evidence.runs.get(run_uid), name, attempts, check)
    return check


def told_ended(evidence, attempt, place):
    run = evidence.runs.get(attempt.run_uid)
    version = run.before(place) if run else None
    told = task_of(version.state, attempt.task).get("attempts") or [] if version else []
    return any(one.get("attempt") == attempt.number for one in told)


def within_budget(evidence, run, name, attempts, check):
    tasks = evidence.tasks(run) if run else None
    if tasks is None or name not in tasks:
        return
    limit = (tasks[name].get("retry") or {}).get("limit", 0)
    most = 1 + limit + INFRASTRUCTURE_RETRIES * (1 + limit)
    if attempts[-1].number > most:
        check.against(f"{attempts[-1]} is beyond all budgets, which allow {most}", attempts[-1].job.made_by)
    for version in run.versions:
        used = task_of(version.state, name).get("programRetries", 0)
        if used > limit:
            check.against(f"task {name} of run {run.ns}/{run.name} has used {used} retries of {limit}", version.entry)
            return


def upstream_first(evidence):
    check = Check("I3", "a Job is made only once what its task waits for has ended as its trigger asks for")
    for attempt in evidence.attempts:
        run = evidence.runs.get(attempt.run_uid)
        tasks = evidence.tasks(run) if run and run.versions else None
        if tasks is None:
            continue
        check.looked_at += 1
        if attempt.task not in tasks:
            check.against(f"{attempt} is made, but run {run.name} has no such task", attempt.job.made_by)
            continue
        wrong = too_early(evidence, run, tasks, tasks[attempt.task], attempt.job.made)
        if wrong:
            check.against(f"{attempt} is made {wrong}", attempt.job.made_by)
    return check


def too_early(evidence, run, tasks, task, place):
    """Why its Job should not have been made there, in words; None: it might."""
    trigger = task.get("trigger", "allSucceeded")
    upstream = [tasks[name] for name in sorted(evidence.upstream(task, tasks)) if name in tasks]
    if trigger in ("anySucceeded", "anyFailed"):
        fits = has_succeeded if trigger == "anySucceeded" else may_have_failed
        if not any(fits(evidence, run, one, place) for one in upstream):
            return f"although trigger {trigger} is not met"
        read = evidence.read_by(task, tasks)
        upstream = [one for one in upstream if one["name"] in read]
    enough = {"allSucceeded": well_enough, "noneFailed": unharmed}.get(trigger, may_have_ended)
    for one in upstream:
        if not enough(evidence, run, one, place):
            return f"while task {one['name']} has not ended well"
    return None


def told_before(evidence, run, name, place):
    version = run.before(place)
    return task_of(version.state, name).get("phase", "") if version else ""


def has_succeeded(evidence, run, upstream, place):
    told = told_before(evidence, run, upstream["name"], place)
    return told == "Succeeded" or evidence.all_succeeded_before(run, upstream, place) is None


def may_have_ended(evidence, run, upstream, place):
    """A task that is left out, or fails for want of a value, has no attempt that would prove it."""
    attempts = evidence.of_task[run.uid, upstream["name"]]
    return (told_before(evidence, run, upstream["name"], place) in FINAL_TASK
            or all(one.has_ended_before(place) for one in attempts))


def may_have_failed(evidence, run, upstream, place):
    told = told_before(evidence, run, upstream["name"], place)
    if told in FINAL_TASK:
        return told in ("Failed", "UpstreamFailed")
    return may_have_ended(evidence, run, upstream, place) and not has_succeeded(evidence, run, upstream, place)


def unharmed(evidence, run, upstream, place):
    """It has ended well enough, or is left out."""
    told = told_before(evidence, run, upstream["name"], place)
    left_out = told == "Skipped" or told not in FINAL_TASK and not evidence.of_task[run.uid, upstream["name"]]
    return left_out or well_enough(evidence, run, upstream, place)


def well_enough(evidence, run, upstream, place):
    if has_succeeded(evidence, run, upstream, place):
        return True
    if upstream.get("onFailure") != "run":
        return False
    attempts = evidence.of_task[run.uid, upstream["name"]]
    return (told_before(evidence, run, upstream["name"], place) in FINAL_TASK
            or bool(attempts) and all(one.has_ended_before(place) for one in attempts))


def phases_stay(evidence):
    check = Check("I4", "final phases stay, attempts never go back")
    for run in evidence.runs.values():
        last, tasks = "", {}
        for version in run.versions:
            check.looked_at += 1
            now = phase(version.state)
            if last in FINAL_RUN and now != last:
                check.against(f"run {run.ns}/{run.name} goes from {last} to {now or 'nothing'}", version.entry)
            last = now
            for task in status(version.state).get("tasks") or []:
                one_task_stays(check, run, tasks, task, version.entry)
    return check


def one_task_stays(check, run, tasks, task, entry):
    held, attempt = tasks.get(task["name"], ("", 0))
    if held in FINAL_TASK and task["phase"] != held:
        check.against(f"task {task['name']} of run {run.ns}/{run.name} goes from {held} to {task['phase']}", entry)
    if task.get("attempt", 0) < attempt:
        check.against(f"task {task['name']} of run {run.ns}/{run.name} goes back from attempt {attempt} to "
                      f"{task.get('attempt', 0)}", entry)
    tasks[task["name"]] = (task["phase"], task.get("attempt", 0))


# What a task may be that has no Job, and so no Pod.
WITHOUT_JOB = {"wait", "approve", "workflow"}


def successes_have_pods(evidence):
    check = Check("I5", "what is stored as Succeeded has a Pod of each index that ended well before")
    for run in evidence.runs.values():
        tasks = evidence.tasks(run) or {} if run.versions else {}
        for name, task in tasks.items():
            version = run.first(lambda state, name=name: task_of(state, name).get("phase") == "Succeeded")
            if version is None or WITHOUT_JOB & set(task):
                continue
            check.looked_at += 1
            missing = evidence.all_succeeded_before(run, task, version.place)
            if missing is not None:
                whose = f"its index {missing}" if missing >= 0 else "it"
                check.against(f"task {name} of run {run.ns}/{run.name} is stored as Succeeded, but no Pod of "
                              f"{whose} had ended well", version.entry)
    return check


def complete_counts(evidence):
    check = Check("I6", "a Job that is Complete is its task's last, and its task Succeeded")
    for attempts in evidence.of_task.values():
        for attempt in attempts:
            version = attempt.job.first(lambda job: job_is(job, "Complete"))
            if version is None:
                continue
            check.looked_at += 1
            for later in attempts:
                follows = later.number > attempt.number and later.job.made > version.place
                if follows and not refused_output(evidence, attempt):
                    check.against(f"{later} is made although {attempt} is Complete", later.job.made_by)
            end_of_complete(evidence, attempt, check)
    return check


def refused_output(evidence, attempt):
    """A program may succeed and still fail its task: by an output that is none."""
    run = evidence.runs.get(attempt.run_uid)
    if run is None:
        return True
    told = task_of(run.last, attempt.task)
    reasons = [told.get("reason"), *(one.get("reason") for one in told.get("attempts") or [])]
    return "InvalidOutput" in reasons


def end_of_complete(evidence, attempt, check):
    run = evidence.runs.get(attempt.run_uid)
    final = evidence.final(run) if run else None
    if final is None or phase(final.state) == "Cancelled":
        return
    told = task_of(final.state, attempt.task)
    failed = told.get("attempt") == attempt.number and told.get("phase") == "Failed"
    if failed and not refused_output(evidence, attempt):
        if attempt.job.first(lambda job: job_is(job, "Complete")).place < final.place:
            check.against(f"{attempt} is Complete, but its task is stored as Failed", final.entry)


def runs_end(evidence):
    check = Check("I7", "each run has ended, or was deleted")
    for run in evidence.runs.values():
        if not run.is_known:
            continue  # the log itself is told of as torn
        check.looked_at += 1
        if run.gone is None and "deletionTimestamp" not in metadata(run.last) and evidence.final(run) is None:
            check.against(f"run {run.ns}/{run.name} is {phase(run.last) or 'without a phase'} to the end of the log",
                          run.versions[-1].entry if run.versions else run.made_by)
    return check


def nothing_after_the_end(evidence, user):
    check = Check("I8", "after the end of a run no Job is made, and ork only deletes")
    for run in evidence.runs.values():
        final = evidence.final(run)
        if final is None:
            continue
        check.looked_at += 1
        for entry in run.writes:
            written = entry.user == user and entry.verb != "delete" and is_after(entry, final)
            if written and not only_hears(run, entry):
                check.against(f"run {run.ns}/{run.name} had ended, and is written again: {entry.says()}", entry)
    for attempt in evidence.attempts:
        run = evidence.runs.get(attempt.run_uid)
        final = evidence.final(run) if run else None
        if final is None:
            continue
        if attempt.job.made > final.place:
            made_late(check, attempt, user)
        for entry in attempt.job.writes:
            if entry.user == user and entry.verb in ("patch", "update") and is_after(entry, final):
                check.against(f"{attempt} is written after the end of its run: {entry.says()}", entry)
    return check


def only_hears(run, entry):
    """A wish that came too late is noted, that nobody waits for its answer; all else of the status stays."""
    after = next((version.state for version in run.versions if version.entry is entry), None)
    before = run.before(entry.place)
    if after is None or before is None:
        return False
    seen = status(after).get("observedGeneration", 0)
    return status(before.state).get("observedGeneration", 0) < seen and told_apart(before.state) == told_apart(after)


def told_apart(state):
    """The status without what hearing a wish may change."""
    told = {key: value for key, value in status(state).items() if key not in ("observedGeneration", "actions")}
    told["conditions"] = [{key: value for key, value in condition.items() if key != "observedGeneration"}
                          for condition in told.get("conditions") or []]
    return told


def is_after(entry, final):
    """Carried out after the end, and asked for after the end was answered: requests on their way may overtake."""
    return entry.place > final.place and entry.asked > final.entry.at


def made_late(check, attempt, user):
    deletion = attempt.job.deletion or attempt.job.unsure_deletion
    if deletion is not None and deletion.user == user:
        check.notes.append(f"{attempt} was made after the end of its run, and taken away again")
    else:
        check.against(f"{attempt} is made after the end of its run", attempt.job.made_by)


def nothing_left(evidence, whole):
    """Where a server was killed, deletions may have been carried out without a line: who knows is the cluster itself."""
    check = Check("I9", "nothing is left of deleted runs")
    for attempt in evidence.attempts:
        run = evidence.runs.get(attempt.run_uid)
        if run is None or run.gone is None:
            continue
        for thing in (attempt.job, *attempt.pods):
            check.looked_at += 1
            if evidence.history.is_gone(thing) or thing.unsure_deletion:
                continue
            what = f"{thing.plural[:-1]} {thing.ns}/{thing.name} is left of run {run.name}, which is gone"
            if whole:
                check.against(what, run.deletion)
            else:
                check.notes.append(what)
    return check


def counts_add_up(evidence):
    check = Check("I16", "counts add up in each stored status")
    for run in evidence.runs.values():
        for version in run.versions:
            if "counts" in status(version.state):
                check.looked_at += 1
                for what in wrong_counts(status(version.state)):
                    check.against(f"the status of run {run.ns}/{run.name} {what}", version.entry)
    return check


def wrong_counts(told):
    counts = {key: value for key, value in told["counts"].items() if key != "total"}
    # Hooks are shown, and not counted.
    total, tasks = told["counts"].get("total"), [task for task in told.get("tasks") or [] if "hook" not in task]
    if sum(counts.values()) != total:
        yield f"counts {sum(counts.values())} of {total} tasks"
    if tasks and total != len(tasks):
        yield f"counts {total} tasks and lists {len(tasks)}"
    ends = sum(task["phase"] in FINAL_TASK for task in tasks)
    if tasks and told.get("progress") != f"{ends}/{len(tasks)}":
        yield f"says {told.get('progress')}, but {ends} of {len(tasks)} have ended"
    for task in tasks:
        done = task.get("succeeded", 0) + task.get("failed", 0) + task.get("active", 0)
        if done > task.get("count", NEVER):
            yield f"counts {done} indexes of {task['count']} in task {task['name']}"

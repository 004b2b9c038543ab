#!/usr/bin/env python3
"""The audit checker finds what is broken in hand-written logs, and nothing in good ones."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.dont_write_bytecode = True

from audit.patches import PatchError, json_patch, merge  # noqa: E402
from audit.story import COLLECTOR, JOB_CONTROLLER, NODE, ORK, Story, told  # noqa: E402
from audit.wire import bucket_of, read_buckets  # noqa: E402

CHAIN = [{"name": "a"}, {"name": "b", "dependsOn": ["a"]}]
RETRY = [{"name": "a", "retry": {"limit": 1}}]


def good_story():
    """Two tasks, one after the other, the second with two indexes and a retry of one of them."""
    story = Story()
    story.run(tasks=[{"name": "a"}, {"name": "b", "dependsOn": ["a"], "count": 2, "retry": {"limit": 1}}])
    a = story.job("a")
    story.status(told("Running", ("a", "Running", 1), ("b", "Pending", 0)))
    story.pod(a, "Running", "Succeeded")
    b = story.job("b")
    story.status(told("Running", ("a", "Succeeded", 1), ("b", "Running", 1)))
    story.job_ends(a)
    story.pod(b, "Succeeded", index=0)
    story.pod(b, "Running", "Failed", index=1)
    story.job_ends(b, "Failed")
    again = story.job("b", 2)
    story.pod(again, "Running", "Succeeded", index=1)
    story.status(told("Succeeded", ("a", "Succeeded", 1), ("b", "Succeeded", 2)))
    story.job_ends(again)
    return story


class GoodLogs(unittest.TestCase):
    def test_a_run_with_a_retry_is_good(self):
        story = good_story()
        self.assertEqual(story.broken(), {})
        looked = {check.key: check.looked_at for check in story.judged().checks if check.key != "I1"}
        for key in ("I2", "I3", "I4", "I5", "I6", "I7", "I8", "I10", "I11", "I16"):
            self.assertGreater(looked[key], 0, key)

    def test_the_order_of_lines_does_not_matter(self):
        story = good_story()
        job = next(line for line in story.lines if line["objectRef"]["name"] == "r-b-1")
        story.lines.remove(job)
        story.lines.append(job)
        self.assertEqual(story.broken(), {})

    def test_a_line_that_is_being_written_is_left_for_later(self):
        story = good_story()
        story.being_written = '{"level": "RequestResponse", "us'
        self.assertEqual(story.broken(whole=True), {})

    def test_a_deleted_run_whose_objects_follow_is_good(self):
        story = Story()
        story.run()
        pod = story.pod(story.job("a"), "Running")
        story.delete("workflowruns", "r")
        story.delete("jobs", "r-a-1", COLLECTOR)
        story.delete("pods", pod["name"], COLLECTOR)
        self.assertEqual(story.broken(), {})

    def test_a_patch_without_an_answer_may_have_been_carried_out(self):
        story = good_story()
        first = next(line for line in story.lines if line["verb"] == "patch" and line["user"]["username"] == ORK)
        first["responseStatus"]["code"] = 504
        first["responseObject"] = {"kind": "Status"}
        self.assertEqual(story.broken(), {})

    def test_a_chain_of_patches_without_an_answer(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Succeeded")
        first = story.last_version("workflowruns", "r")
        story.status(told("Running", ("a", "Running", 1)), code=504, on=first)
        second = story.next()
        story.status(told("Failed", ("a", "Failed", 1)), code=504, on=second)  # seen not to have been carried out
        story.status(told("Running", ("a", "Succeeded", 1)), code=504, on=second)
        third = story.next()
        story.status(told("Running"), on=third)
        story.lines[-1]["requestObject"] = [{"op": "replace", "path": "/metadata/resourceVersion", "value": third},
                                            {"op": "replace", "path": "/status/phase", "value": "Succeeded"}]
        self.assertEqual(story.broken(), {})

    def test_a_request_whose_body_never_arrived_says_nothing(self):
        story = good_story()
        story.line(ORK, "create", "jobs", "", None, {"kind": "Status"}, code=500)
        self.assertEqual(story.broken(), {})

    def test_what_only_waits_has_no_pod(self):
        story = Story()
        story.run(tasks=[{"name": "a", "wait": {"for": "1s"}}])
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(story.broken(), {})


class Attempts(unittest.TestCase):
    def test_I1_two_pods_of_one_index_at_once(self):
        story = Story()
        story.run()
        a = story.job("a")
        first = story.pod(a, "Running", name="one")
        second = story.pod(a, "Running", name="two")
        story.pod_is(first, "Succeeded")
        story.pod_is(second, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        broken = story.broken()
        self.assertEqual(list(broken), ["I1"])
        self.assertIn("Pod n/two of attempt 1 of task a (Job n/r-a-1), index -1, starts while Pod one", broken["I1"][0])

    def test_I1_two_pods_of_one_job_are_the_job_controllers_where_a_server_died(self):
        story = Story()
        story.run()
        a = story.job("a")
        for pod in [story.pod(a, "Running", name="one"), story.pod(a, "Running", name="two")]:
            story.pod_is(pod, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(story.broken(whole=False), {})

    def test_I1_two_indexes_at_once_are_good(self):
        story = Story()
        story.run(tasks=[{"name": "a", "count": 2}])
        a = story.job("a")
        pods = [story.pod(a, "Running", index=index) for index in (0, 1)]
        for pod in pods:
            story.pod_is(pod, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(story.broken(), {})

    def test_I1_beside_a_pod_whose_job_somebody_deleted_is_by_the_book(self):
        story = Story()
        story.run(tasks=RETRY)
        first = story.pod(story.job("a"), "Running")
        story.delete("jobs", "r-a-1")
        story.pod(story.job("a", 2), "Running", "Succeeded")
        story.delete("pods", first["name"], COLLECTOR)
        story.status(told("Succeeded", ("a", "Succeeded", 2)))
        self.assertEqual(story.broken(), {})

    def test_I1_an_attempt_made_twice(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Failed")
        story.status(told("Running", ("a", "Running", 1)))
        story.delete("jobs", "r-a-1")
        story.pod(story.job("a", uid="second"), "Succeeded", uid="second", name="other")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(list(story.broken()), ["I1"])

    def test_I2_an_attempt_is_left_out(self):
        story = Story()
        story.run(tasks=RETRY)
        story.pod(story.job("a", 2), "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 2)))
        self.assertEqual(list(story.broken()), ["I2"])

    def test_I2_an_attempt_before_the_end_of_the_one_before(self):
        story = Story()
        story.run(tasks=RETRY)
        first = story.pod(story.job("a"))  # pending, so that no two run
        second = story.job("a", 2)
        story.delete("pods", first["name"], JOB_CONTROLLER)
        story.pod(second, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 2)))
        self.assertEqual(list(story.broken()), ["I2"])

    def test_I2_beyond_the_budget(self):
        story = Story()
        story.run(tasks=RETRY)
        story.pod(story.job("a"), "Failed")
        task = {"name": "a", "phase": "Failed", "attempt": 1, "programRetries": 2}
        story.status(told("Failed", task))
        self.assertEqual(list(story.broken()), ["I2"])

    def test_I3_before_its_upstream(self):
        story = Story()
        story.run(tasks=CHAIN)
        a = story.job("a")
        b = story.job("b")
        story.pod(a, "Running", "Succeeded")
        story.pod(b, "Running", "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1), ("b", "Succeeded", 1)))
        self.assertEqual(list(story.broken()), ["I3"])

    def test_I3_a_failed_upstream_that_may_fail_is_good(self):
        story = Story()
        story.run(tasks=[{"name": "a", "onFailure": "run"}, {"name": "b", "dependsOn": ["a"]}])
        story.pod(story.job("a"), "Failed")
        story.pod(story.job("b"), "Succeeded")
        story.status(told("Failed", ("a", "Failed", 1), ("b", "Succeeded", 1)))
        self.assertEqual(story.broken(), {})

    def after(self, ending, trigger):
        story = Story()
        story.run(tasks=[{"name": "a"}, {"name": "b", "dependsOn": ["a"], "trigger": trigger}])
        story.pod(story.job("a"), ending)
        story.pod(story.job("b"), "Succeeded")
        return list(story.broken(complete=False))

    def test_I3_a_trigger_says_what_is_waited_for(self):
        self.assertEqual(self.after("Failed", "anyFailed"), [])
        self.assertEqual(self.after("Succeeded", "anyFailed"), ["I3"])
        self.assertEqual(self.after("Succeeded", "anySucceeded"), [])
        self.assertEqual(self.after("Failed", "anySucceeded"), ["I3"])
        self.assertEqual(self.after("Failed", "allDone"), [])
        self.assertEqual(self.after("Running", "allDone"), ["I3"])
        self.assertEqual(self.after("Succeeded", "noneFailed"), [])
        self.assertEqual(self.after("Failed", "noneFailed"), ["I3"])

    def test_I3_what_a_condition_reads_is_an_upstream(self):
        story = Story()
        story.run(tasks=[{"name": "a"}, {"name": "b", "when": "tasks.a.output.n > 1"}])
        story.job("b")
        story.pod(story.job("a"), "Succeeded")
        self.assertIn("I3", story.broken(complete=False))

    def test_I3_an_input_is_an_upstream(self):
        story = Story()
        story.run(tasks=[{"name": "a"}, {"name": "b", "inputs": {"x": "tasks.a.output.n + 1"}}])
        story.job("b")
        story.pod(story.job("a"), "Succeeded")
        self.assertIn("I3", story.broken(complete=False))


class Statuses(unittest.TestCase):
    def ended(self):
        story = Story()
        story.run()
        job = story.job("a")
        story.pod(job, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        return story, job

    def test_I4_and_I8_a_final_phase_moves(self):
        story, _ = self.ended()
        story.status(told("Failed", ("a", "Failed", 1)))
        broken = story.broken()
        self.assertEqual(sorted(broken), ["I4", "I8"])
        self.assertIn("run n/r goes from Succeeded to Failed [audit line-6]", broken["I4"][0])

    def test_I4_an_attempt_goes_back(self):
        story = Story()
        story.run(tasks=RETRY)
        story.pod(story.job("a"), "Failed")
        story.pod(story.job("a", 2), "Succeeded")
        story.status(told("Running", ("a", "Running", 2)))
        story.status(told("Running", ("a", "Running", 1)))
        self.assertEqual(list(story.broken(complete=False)), ["I4"])

    def test_I5_success_without_a_pod(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Running")
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(list(story.broken()), ["I5"])

    def test_I5_success_of_all_but_one_index(self):
        story = Story()
        story.run(tasks=[{"name": "a", "count": 2}])
        a = story.job("a")
        story.pod(a, "Succeeded", index=0)
        story.pod(a, "Failed", index=1)
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertIn("no Pod of its index 1 had ended well", story.broken()["I5"][0])

    def test_I6_an_attempt_after_a_complete_job(self):
        story = Story()
        story.run(tasks=RETRY)
        first = story.job("a")
        story.pod(first, "Succeeded")
        story.job_ends(first)
        story.pod(story.job("a", 2), "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 2)))
        self.assertEqual(list(story.broken()), ["I6"])

    def test_I6_a_complete_job_stored_as_failed(self):
        story = Story()
        story.run()
        job = story.job("a")
        story.pod(job, "Succeeded")
        story.job_ends(job)
        story.status(told("Failed", ("a", "Failed", 1)))
        self.assertEqual(list(story.broken()), ["I6"])

    def test_I6_an_output_that_is_none_fails_its_task(self):
        story = Story()
        story.run()
        job = story.job("a")
        story.pod(job, "Succeeded")
        story.job_ends(job)
        story.status(told("Failed", {"name": "a", "phase": "Failed", "attempt": 1, "reason": "InvalidOutput"}))
        self.assertEqual(story.broken(), {})

    def test_I7_a_run_that_does_not_end(self):
        story = Story()
        story.run()
        story.job("a")
        self.assertEqual(list(story.broken()), ["I7"])
        self.assertEqual(story.broken(complete=False), {})

    def test_I8_a_job_after_the_end(self):
        story, _ = self.ended()
        story.job("b")
        self.assertIn("I8", story.broken())

    def test_I8_a_late_job_that_is_taken_away_is_by_the_book(self):
        story, _ = self.ended()
        story.pod(story.job("a", 2), "Failed")
        story.delete("jobs", "r-a-2", ORK)
        self.assertNotIn("I8", story.broken())
        story.lines[-1]["responseStatus"]["code"] = 504  # its sender was killed while he waited for the answer
        self.assertNotIn("I8", story.broken())

    def test_I8_a_request_on_its_way_may_overtake_the_end(self):
        for asked, wanted in (("00:04", False), ("00:50", True)):
            story, job = self.ended()
            seed = {"metadata": {"uid": "uid-r-a-1"}, "status": {"completedIndexes": "0", "succeeded": 1}}
            story.line(ORK, "patch", "jobs", job["name"], seed, story.head("uid-r-a-1", **job), sub="status")
            story.lines[-1]["requestReceivedTimestamp"] = f"2026-01-01T00:{asked}.000000Z"
            story.lines[-1]["stageTimestamp"] = "2026-01-01T00:00:59.000000Z"
            self.assertEqual(list(story.broken()), ["I8"] if wanted else [])

    def test_I8_a_wish_that_comes_too_late_is_heard_and_changes_nothing(self):
        def heard(generation, **more):
            return told("Succeeded", ("a", "Succeeded", 1), observedGeneration=generation,
                        conditions=[{"type": "Ready", "status": "True", "observedGeneration": generation}], **more)
        for first, then, wanted in ((heard(1), heard(2, actions=[{"id": "x", "phase": "Failed"}]), []),
                                    (heard(1), heard(2, message="other"), ["I8"]), (heard(2), heard(2), ["I8"])):
            story, _ = self.ended()
            story.lines.pop()
            story.status(first)
            story.status(then)
            self.assertEqual(list(story.broken()), wanted)

    def test_I9_a_pod_is_left(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Running")
        story.delete("workflowruns", "r")
        story.delete("jobs", "r-a-1", COLLECTOR)
        self.assertEqual(list(story.broken()), ["I9"])

    def test_I9_takes_whoever_asks_in_vain_for_word_of_a_deletion_that_the_log_has_lost(self):
        for asked_after_the_job, wanted in ((True, []), (False, ["I9"])):
            story = Story()
            story.run()
            if not asked_after_the_job:
                story.line(COLLECTOR, "get", "jobs", "r-a-1", code=404)
            story.job("a")
            story.delete("workflowruns", "r")
            if asked_after_the_job:
                story.line(COLLECTOR, "get", "jobs", "r-a-1", code=404)
            self.assertEqual(list(story.broken()), wanted)

    def test_I16_counts_that_do_not_add_up(self):
        story = Story()
        story.run(tasks=CHAIN)
        story.pod(story.job("a"), "Succeeded")
        state = told("Running", ("a", "Succeeded", 1), ("b", "Pending", 0))
        story.status({**state, "counts": {"succeeded": 1, "total": 2}})
        self.assertEqual(list(story.broken(complete=False)), ["I16"])

    def test_I16_progress_that_does_not_agree(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Succeeded")
        story.status({**told("Succeeded", ("a", "Succeeded", 1)), "progress": "0/1"})
        self.assertEqual(list(story.broken()), ["I16"])


class Requests(unittest.TestCase):
    def test_I10_somebody_elses_job(self):
        story = good_story()
        story.job("a", run="other", owner="uid-of-somebody", user="admin")
        story.delete("jobs", "other-a-1", ORK)
        broken = story.broken()
        self.assertEqual(list(broken), ["I10"])
        self.assertIn("no run controls this", broken["I10"][0])

    def test_I10_a_pod(self):
        story = good_story()
        story.line(ORK, "delete", "pods", "x", {"preconditions": {"uid": "u"}}, {"kind": "Status"}, code=404)
        self.assertEqual(list(story.broken()), ["I10"])

    def test_I11_a_deletion_of_a_name(self):
        story = good_story()
        story.delete("jobs", "r-a-1", ORK, bound=False)
        self.assertEqual(list(story.broken()), ["I11"])

    def test_I11_a_patch_of_whatever_is_there(self):
        story = good_story()
        story.line(ORK, "patch", "workflows", "w", {"status": {}}, {"kind": "Status"}, sub="status", code=404)
        self.assertEqual(list(story.broken()), ["I11"])

    def test_I11_a_name_made_by_the_server(self):
        story = good_story()
        owner = {"kind": "WorkflowRun", "uid": "uid-r", "controller": True}
        story.line(ORK, "create", "jobs", "", {"metadata": {"generateName": "r-", "ownerReferences": [owner]}},
                   {"kind": "Status"}, code=403)
        self.assertEqual(list(story.broken()), ["I11"])

    def test_I11_seeding_is_excepted_and_nothing_like_it(self):
        of_one = {"metadata": {"uid": "uid-r-b-2"}}
        seed = {"status": {"completedIndexes": "0", "succeeded": 1}}
        mark = {"annotations": {"ork.dev/unseeded": None}}
        marked = {"metadata": of_one["metadata"] | mark}
        go = {"spec": {"suspend": False}}
        for request, sub, wanted in ((of_one | seed, "status", []), (marked | go, "", []), (seed, "status", ["I11"]),
                                     ({"metadata": mark} | go, "", ["I11"]), (of_one | go, "", ["I11"]),
                                     (marked | {"spec": {"suspend": True}}, "", ["I11"])):
            story = good_story()
            story.line(ORK, "patch", "jobs", "r-b-2", request, {"kind": "Status"}, sub=sub, code=404)
            self.assertEqual(list(story.broken()), wanted)

    def test_I13_a_write_of_who_does_not_hold_the_runs_share(self):
        for holder, wanted in (("one", []), ("two", ["I13"])):
            story = Story()
            story.run()
            story.joins("one")
            story.joins("two")
            story.takes("one", "0-63")
            story.renews("one")
            job = story.job("a", agent="ork/1 (one)")
            story.takes(holder, "0-63")
            story.pod(job, "Succeeded")
            story.status(told("Succeeded", ("a", "Succeeded", 1)), agent="ork/1 (one)")
            broken = story.broken()
            self.assertEqual(list(broken), wanted)
            if wanted:
                self.assertIn("two holds this run's share, but one writes", broken["I13"][0])

    def test_I13_counts_the_processes_behind_one_proxy_as_one(self):
        story = Story()
        story.run()
        story.joins("one")
        for line in story.lines:
            line["userAgent"] = line["userAgent"].replace("ork/1 (one)", "ork/1 (one) (a)")
        story.takes("one", "0-63")
        job = story.job("a", agent="ork/1 (earlier) (a)")
        story.pod(job, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1)), agent="ork/1 (earlier) (a)")
        self.assertEqual(story.broken(), {})

    def test_buckets_are_counted_as_the_operator_counts_them(self):
        self.assertEqual([bucket_of(""), bucket_of("default/nightly")], [1, 58])
        self.assertEqual(read_buckets('{"a": "0-1,5", "b": "7"}'), {0: "a", 1: "a", 5: "a", 7: "b"})

    def test_a_missing_line_is_missed_unless_a_server_was_killed(self):
        story = good_story()
        story.lines.remove(next(line for line in story.lines if line["verb"] == "patch"
                                and line["user"]["username"] == ORK))
        last = [line for line in story.lines if line["verb"] == "patch" and line["user"]["username"] == ORK][-1]
        last["requestObject"][1] = {"op": "add", "path": "/status/phase", "value": "Succeeded"}
        self.assertEqual(list(story.broken()), ["log"])
        self.assertEqual(story.broken(whole=False), {})

    def test_the_end_of_a_pod_that_the_log_of_a_killed_server_has_lost(self):
        story = Story()
        story.run(tasks=[{"name": "a"}, {"name": "b", "dependsOn": ["a"]}])
        a = story.pod(story.job("a"), "Running")
        b = story.job("b")
        story.line(JOB_CONTROLLER, "patch", "pods", a["name"], {},
                   story.full("Pod", f"uid-{a['name']}", metadata=a, status={"phase": "Succeeded"}))
        story.pod(b, "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1), ("b", "Succeeded", 1)))
        self.assertEqual(list(story.broken()), ["log"])
        self.assertEqual(story.broken(whole=False), {})

    def test_a_deletion_asked_for_before_the_pods_end_was_answered_stands_behind_it(self):
        story = Story()
        story.run()
        pod = story.pod(story.job("a"), "Running", "Succeeded")
        ending = story.lines[-1]
        gone = {"kind": "Pod", "status": {"phase": "Succeeded"}, "metadata": {
            **pod, "uid": f"uid-{pod['name']}", "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 0}}
        story.line(NODE, "delete", "pods", pod["name"], {}, gone)["requestReceivedTimestamp"] = (
            ending["requestReceivedTimestamp"])
        story.status(told("Succeeded", ("a", "Succeeded", 1)))
        self.assertEqual(story.broken(), {})

    def test_a_pod_that_runs_on_is_no_lost_end(self):
        story = Story()
        story.run(tasks=[{"name": "a"}, {"name": "b", "dependsOn": ["a"]}])
        story.pod(story.job("a"), "Running")
        story.pod(story.job("b"), "Succeeded")
        story.status(told("Succeeded", ("a", "Succeeded", 1), ("b", "Succeeded", 1)))
        self.assertEqual(sorted(story.broken(whole=False)), ["I3", "I5"])

    def test_what_a_killed_servers_log_does_not_tell_of_is_not_taken_for_left(self):
        story = Story()
        story.run()
        story.pod(story.job("a"), "Succeeded")
        story.delete("workflowruns", "r")
        self.assertIn("I9", story.broken())
        self.assertEqual(story.broken(whole=False), {})

    def test_a_log_without_bodies_is_refused(self):
        story = good_story()
        for line in story.lines:
            line["level"] = "Metadata"
        self.assertEqual(list(story.broken()), ["log"])


class Patches(unittest.TestCase):
    def test_json_patch(self):
        before = {"a": {"b/c": 1}, "l": [1, 2]}
        after = json_patch(before, [{"op": "replace", "path": "/a/b~1c", "value": 2},
                                    {"op": "add", "path": "/l/-", "value": 3},
                                    {"op": "remove", "path": "/l/0"}, {"op": "add", "path": "/n", "value": {}}])
        self.assertEqual(after, {"a": {"b/c": 2}, "l": [2, 3], "n": {}})
        self.assertEqual(before, {"a": {"b/c": 1}, "l": [1, 2]})

    def test_json_patch_refuses_what_is_not_there(self):
        for step in ({"op": "replace", "path": "/x", "value": 1}, {"op": "remove", "path": "/l/5"},
                     {"op": "test", "path": "/l/0", "value": 9}, {"op": "add", "path": "/s/x", "value": 1}):
            with self.assertRaises(PatchError):
                json_patch({"l": [1], "s": "text"}, [step])

    def test_merge_patch(self):
        self.assertEqual(merge({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}), {"a": {"c": 2, "d": 3}})


if __name__ == "__main__":
    unittest.main()

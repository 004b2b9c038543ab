#!/usr/bin/env python3
"""How a run may end where Pods, Jobs and servers were lost, or where it was cancelled: see churn.py. Needs no cluster."""

import pathlib
import sys
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "cluster")]
sys.dont_write_bytecode = True

from world.churn import cancelled_wrong, runs, wrong_after_losses  # noqa: E402
from world.shapes import SHAPES  # noqa: E402


def wrong(attempt, told, made):
    """Of a run of `exhausted`, three attempts of which each fails: what its status tells, and whose Jobs are there."""
    tasks = [{"name": "a", "phase": "Failed", "attempt": attempt,
              "attempts": [{"attempt": number, "cause": cause} for number, cause in told]},
             {"name": "b", "phase": "UpstreamFailed"}]
    jobs = [{"metadata": {"labels": {"ork.dev/task": "a", "ork.dev/attempt": str(number)}}} for number in made]
    with mock.patch.object(runs, "check_finished"):
        return list(wrong_after_losses({"status": {"phase": "Failed", "tasks": tasks}}, SHAPES["exhausted"], jobs))


PROGRAM, LOST = "Program", "Infrastructure"


class AfterLosses(unittest.TestCase):
    def test_each_attempt_is_the_programs(self):
        self.assertEqual(wrong(3, [(1, PROGRAM), (2, PROGRAM), (3, PROGRAM)], [1, 2, 3]), [])

    def test_what_was_lost_comes_on_top(self):
        self.assertEqual(wrong(4, [(1, PROGRAM), (2, LOST), (3, PROGRAM), (4, PROGRAM)], [1, 3, 4]), [])

    def test_an_attempt_that_nobody_tells_of_any_more_was_lost(self):
        self.assertEqual(wrong(4, [(2, PROGRAM), (3, PROGRAM), (4, PROGRAM)], [2, 3, 4]), [])

    def test_one_attempt_too_many(self):
        self.assertIn("0 were lost", wrong(4, [(1, PROGRAM), (2, PROGRAM), (3, PROGRAM), (4, PROGRAM)], [1, 2, 3, 4])[0])

    def test_one_attempt_too_few(self):
        self.assertEqual(len(wrong(2, [(1, PROGRAM), (2, PROGRAM)], [1, 2])), 1)


def after_cancel(job_there):
    """A cancelled run, of which a Pod runs: whether its Job is there, being deleted (None), or gone (False)."""
    job = {"metadata": {"name": "r-a-1", "labels": {"ork.dev/task": "a", "ork.dev/attempt": "1"}}}
    if job_there is None:
        job["metadata"]["deletionTimestamp"] = "2026-11-23T23:17:02Z"
    pod = {"metadata": {"name": "r-a-1-x", "labels": {"batch.kubernetes.io/job-name": "r-a-1"}}, "status": {"phase": "Running"}}
    run = {"status": {"phase": "Cancelled", "tasks": [{"name": "a", "phase": "Cancelled"}]}}
    return list(cancelled_wrong(run, [] if job_there is False else [job], [pod]))


class AfterACancel(unittest.TestCase):
    def test_what_orks_job_keeps_running_is_wrong(self):
        self.assertEqual(after_cancel(job_there=True), ["Pod r-a-1-x of a cancelled run is Running"])

    def test_what_the_garbage_collector_has_yet_to_take_is_not_orks(self):
        self.assertEqual(after_cancel(job_there=None), [])
        self.assertEqual(after_cancel(job_there=False), [])


if __name__ == "__main__":
    unittest.main()

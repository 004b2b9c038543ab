#!/usr/bin/env python3
"""When a figure counts as growing: see figures.py. Needs no cluster."""

import pathlib
import random
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]
sys.dont_write_bytecode = True

from world.figures import SAMPLE, Trend, per_task, total  # noqa: E402

N = 1000


def trend(value_at):
    return Trend("memory", "MiB", [value_at(at / N) for at in range(N)])


class Trends(unittest.TestCase):
    def test_what_stays_does_not_grow(self):
        self.assertFalse(trend(lambda at: 27.0).grows())
        self.assertFalse(trend(lambda at: 0.0).grows())

    def test_noise_is_no_growth(self):
        chance = random.Random(1)
        self.assertFalse(trend(lambda at: 27 + chance.uniform(-3, 3)).grows())
        self.assertFalse(trend(lambda at: 27 + chance.choice((0, 0, 0, 5))).grows())

    def test_a_leak_grows_however_much_noise_there_is_beside_it(self):
        chance = random.Random(1)
        self.assertTrue(trend(lambda at: 27 + 8 * at + chance.uniform(-1, 1)).grows())
        self.assertTrue(trend(lambda at: 4 + (2 if at > 0.5 else 0)).grows())

    def test_what_shrinks_does_not_grow(self):
        self.assertFalse(trend(lambda at: 40 - 20 * at).grows())

    def test_growth_is_from_the_first_to_the_last(self):
        self.assertAlmostEqual(trend(lambda at: 10 + 5 * at).growth, 5, delta=0.01)
        self.assertAlmostEqual(trend(lambda at: 10 + 5 * at).noise, 0, delta=0.01)

    def test_the_cost_of_a_task_is_that_of_each_span(self):
        samples = [{"requests": 3 * at, "tasks": at} for at in range(81)]
        self.assertEqual(set(per_task(samples, "requests", 1)), {3.0})
        self.assertEqual(per_task([{"requests": at, "tasks": 7} for at in range(9)], "requests", 1), [], "nothing was done")

    def test_metrics_are_read_by_name_and_label(self):
        text = 'ork_tasks{result="success"} 7\nork_tasks{result="error"} 2\n# HELP x\nother 1.5e3\n'
        read = [(found["name"], found["labels"] or "", float(found["value"])) for found in SAMPLE.finditer(text)]
        self.assertEqual(total(read, "ork_tasks"), 9)
        self.assertEqual(total(read, "ork_tasks", "error"), 2)
        self.assertEqual(total(read, "other"), 1500)


if __name__ == "__main__":
    unittest.main()

"""The suite's own tests: a comparison that finds nothing must mean that there is nothing.

python3 -m unittest suite.selfcheck      in tests/conformance
"""

import copy
import unittest

from generator.generator import Generator
from suite.compare import ABSENT, differences
from suite.deliberate import agreed
from suite.kinds import KINDS
from suite.session import Session, is_dry, without_chance
from suite.steps import REMOVE, edited
from suite.symbols import Symbols, causes_in_order, table_without_ages, typed_errors
from suite.terminal import TIME_IS_UP

POD = {
    "kind": "Pod",
    "apiVersion": "v1",
    "status": {"phase": "Pending"},
    "metadata": {
        "name": "a",
        "namespace": "ns-1",
        "uid": "0d3c1a2e-0000-4000-8000-000000000001",
        "resourceVersion": "17",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"app": "x"},
    },
}


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        return [leaf for key in value for leaf in leaves(value[key], path + (key,))]
    if isinstance(value, list) and value:
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, path + (index,))]
    return [path]


class Differences(unittest.TestCase):
    def test_finds_a_change_of_any_leaf(self):
        for path in leaves(POD):
            other = edited(POD, [[list(path), "changed"]])
            self.assertEqual([found[0] for found in differences(POD, other)], [path])

    def test_finds_what_one_side_has_not(self):
        self.assertEqual(differences({"a": [1, 2]}, {"a": [1]}), [(("a", 1), 2, ABSENT)])
        self.assertEqual(differences({"a": None}, {}), [(("a",), None, ABSENT)])

    def test_tells_types_apart(self):
        for left, right in ((1, "1"), (0, False), ([], {}), (None, ""), (True, 1)):
            self.assertTrue(differences(left, right), (left, right))
        self.assertFalse(differences(1, 1.0))


class Symbolic(unittest.TestCase):
    def test_is_equal_for_servers_that_only_count_otherwise(self):
        there = copy.deepcopy(POD)
        there["metadata"].update(
            uid="ffffffff-0000-4000-8000-00000000abcd",
            resourceVersion="99917",
            namespace="ns-2",
            creationTimestamp="2026-07-07T07:07:07Z",
        )
        here, other = Symbols("ns-1"), Symbols("ns-2")
        self.assertEqual(here.in_value(here_named(here, POD)), other.in_value(here_named(other, there)))

    def test_tells_a_new_version_from_the_same_one(self):
        same, new = Symbols("n"), Symbols("n")
        later = edited(POD, [[["metadata", "resourceVersion"], "18"]])
        self.assertNotEqual([same.in_value(POD), same.in_value(POD)], [new.in_value(POD), new.in_value(later)])

    def test_ranks_versions_by_size(self):
        symbols = Symbols("n")
        for version in ("30", "10", "20"):
            symbols.of_version(version)
        self.assertEqual(symbols.ranks(), [2, 0, 1])

    def test_leaves_times_of_scripts_alone(self):
        self.assertEqual(Symbols("n").in_text("2001-02-03T04:05:06Z"), "2001-02-03T04:05:06Z")
        self.assertEqual(Symbols("n").in_text("2026-02-03T04:05:06Z"), "<time>")

    def test_leaves_numbers_in_sentences_alone(self):
        symbols = Symbols("n")
        symbols.of_version("63")
        self.assertEqual(symbols.in_text("must be no more than 63 characters"), "must be no more than 63 characters")

    def test_takes_ages_from_tables_only_where_they_stand(self):
        table = {
            "columnDefinitions": [{"name": "Name"}, {"name": "Age"}],
            "rows": [{"cells": ["5s", "5s"]}, {"cells": ["x", "<unknown>"]}],
        }
        self.assertEqual(
            [row["cells"] for row in table_without_ages(table)["rows"]], [["5s", "<age>"], ["x", "<unknown>"]]
        )


def here_named(symbols, value):
    return edited(value, [[["metadata", "namespace"], symbols.in_names(value["metadata"]["namespace"])]])


class Causes(unittest.TestCase):
    def status(self, *fields, group="ork.dev"):
        causes = [{"field": field, "message": f"wrong {field}", "reason": "FieldValueInvalid"} for field in fields]
        listed = ", ".join(f"{cause['field']}: {cause['message']}" for cause in causes)
        return {"message": f"x is invalid: [{listed}]", "details": {"group": group, "causes": causes}}

    def test_of_custom_objects_have_no_order(self):
        self.assertEqual(causes_in_order(self.status("a", "b")), causes_in_order(self.status("b", "a")))

    def test_of_built_in_objects_have_one(self):
        self.assertNotEqual(
            causes_in_order(self.status("a", "b", group="")), causes_in_order(self.status("b", "a", group=""))
        )

    def test_differ_where_one_is_missing(self):
        self.assertNotEqual(causes_in_order(self.status("a", "b")), causes_in_order(self.status("a", "c")))


class TypedErrors(unittest.TestCase):
    HEAD = "failed to create typed patch object (/a; v1, Kind=X): "

    def of(self, *lines):
        return typed_errors(self.HEAD + ("errors:\n  " + "\n  ".join(lines) if len(lines) > 1 else lines[0]))

    def test_have_no_order(self):
        self.assertEqual(self.of(".a: wrong", ".b: wrong"), self.of(".b: wrong", ".a: wrong"))
        self.assertNotEqual(self.of(".a: wrong", ".b: wrong"), self.of(".a: wrong"))

    def test_beside_a_field_too_many_are_told_or_not(self):
        many = ".spec.x: field not declared in schema"
        self.assertEqual(self.of(many, ".spec.l[0].y: wrong", ".meta: wrong"), self.of(".meta: wrong", many))
        self.assertNotEqual(self.of(many, ".meta: wrong"), self.of(many))
        self.assertNotEqual(self.of(many), self.of(".spec.l[0].x: field not declared in schema"))
        self.assertEqual(self.of(many), self.of(many, ".spec.l[0].x: field not declared in schema"))


class Watches(unittest.TestCase):
    @staticmethod
    def event(kind, name, version, ending=True):
        metadata = {"name": name, "uid": name * 4, "resourceVersion": str(version)}
        if ending:
            metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
        return {"type": kind, "object": {"kind": "Pod", "metadata": metadata}}

    @staticmethod
    def seen(events):
        session = Session(None, "ns-1")
        return session.events_in_symbols(session.in_an_order(events)), session.symbols.ranks()

    def test_the_collector_has_no_order(self):
        marks = [self.event("MODIFIED", "a", 1), self.event("MODIFIED", "b", 2)]
        there = self.seen([*marks, self.event("DELETED", "a", 3), self.event("DELETED", "b", 4)])
        here = self.seen([*marks, self.event("DELETED", "b", 3), self.event("DELETED", "a", 4)])
        self.assertEqual(there, here)

    def test_all_else_has_one(self):
        one, other = self.event("ADDED", "a", 1, False), self.event("ADDED", "b", 2, False)
        self.assertNotEqual(self.seen([one, other]), self.seen([other, one]))
        marked, gone = self.event("MODIFIED", "a", 1), self.event("DELETED", "a", 2)
        self.assertNotEqual(self.seen([marked, gone]), self.seen([gone, marked]))

    def test_columns_are_told_once(self):
        bookmark = {"type": "BOOKMARK", "object": {"kind": "Table", "columnDefinitions": [1], "rows": [{"cells": []}]}}
        added = {"type": "ADDED", "object": {"kind": "Table", "columnDefinitions": []}}
        again = {"type": "ADDED", "object": {"kind": "Table", "columnDefinitions": [1]}}
        kept = without_chance(copy.deepcopy([bookmark, added, again]))
        self.assertEqual([event["object"]["columnDefinitions"] for event in kept], [[1], None])
        initial = copy.deepcopy(bookmark)
        metadata = {"annotations": {"k8s.io/initial-events-end": "true"}}
        initial["object"]["rows"][0]["object"] = {"metadata": metadata}
        self.assertEqual(without_chance(copy.deepcopy([initial, added]))[0], initial)


class Kubectl(unittest.TestCase):
    def test_says_how_its_watch_ended_or_not(self):
        logged = "\"Unhandled Error\" err=\"informerwatcher.go:1: Failed to watch *x.Y: context deadline exceeded\"\n"
        self.assertEqual(TIME_IS_UP.sub("", logged + "error: timed out\n"), "error: timed out\n")
        in_parts = "\"Failed to watch\" err=\"context deadline exceeded\" reflector=\"x.go:1\" type=\"*x.Y\"\n"
        self.assertEqual(TIME_IS_UP.sub("", in_parts + "error: timed out\n"), "error: timed out\n")
        self.assertEqual(TIME_IS_UP.sub("", "Failed to watch *x.Y: refused\n"), "Failed to watch *x.Y: refused\n")


class Dryness(unittest.TestCase):
    def test_of_a_deletion_stands_in_its_body_where_there_is_one(self):
        query = [["dryRun", "All"]]
        self.assertTrue(is_dry({"method": "DELETE", "query": query}))
        self.assertFalse(is_dry({"method": "DELETE", "query": query, "body": {"dryRun": []}}))
        self.assertTrue(is_dry({"method": "DELETE", "query": [], "body": {"dryRun": ["All"]}}))
        self.assertTrue(is_dry({"method": "POST", "query": query, "body": {"kind": "Pod"}}))


class OnPurpose(unittest.TestCase):
    def test_nothing_else_is_taken_out_of_an_object(self):
        self.assertEqual(agreed(copy.deepcopy(POD)), POD)

    def test_syntax_errors_are_told_in_any_words(self):
        for words in ("json parse error: bad 'x'", "json parse error: other"):
            self.assertEqual(agreed({"message": words}), {"message": "json parse error: <words of a parser>"})


class Scripts(unittest.TestCase):
    class Nothing:
        living, lists, objects = set(), {}, {}

    def test_are_the_same_for_the_same_seed(self):
        def script(seed):
            generator = Generator(seed)
            return generator.opening() + [generator.next(self.Nothing, number) for number in range(60)]

        self.assertEqual(script(3), script(3))
        self.assertNotEqual(script(3), script(4))

    def test_reach_every_kind(self):
        kinds = {kind.key for seed in range(60) for kind in Generator(seed).kinds}
        self.assertEqual(kinds, set(KINDS))

    def test_edits_do_nothing_where_the_shape_is_another(self):
        self.assertEqual(edited({"a": 1}, [[["a", "b"], 2], [["l", 0, "x"], 3]]), {"a": 1})
        self.assertEqual(edited({"a": 1}, [[["a"], REMOVE]]), {})


if __name__ == "__main__":
    unittest.main()

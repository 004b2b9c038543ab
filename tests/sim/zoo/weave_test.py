#!/usr/bin/env python3
"""What weave.py makes of bugs that are written well, and what it says of those that are not."""

import pathlib
import tempfile
import unittest

import weave

BUG = "bug {name}\nSomething is wrong.\nin controllers/run/a.cpp\n{body}\n"


def bug(body, name="one"):
    return weave.read_bugs(BUG.format(name=name, body=body), "bugs.txt")


def woven(source, *bugs):
    return weave.weave(source, 0, len(source), weave.cuts_of("controllers/run/a.cpp", source, list(bugs)))


def lives(one):
    return f"::ork::zoo::lives({one.number}u /* {one.name} */)"


class Weaving(unittest.TestCase):
    def refused(self, sentence, run):
        with self.assertRaises(weave.Wrong) as caught:
            run()
        self.assertIn(sentence, str(caught.exception))

    def test_an_expression_becomes_a_choice(self):
        (one,) = bug("- a < b\n+ a <= b")
        self.assertEqual(woven("if (a < b) go();", one), f"if (({lives(one)} ? (a <= b) : (a < b))) go();")

    def test_a_statement_becomes_a_choice_between_blocks(self):
        (one,) = bug("- stop();\n+ go();")
        self.assertEqual(woven("x(); stop();", one), f"x(); {{ if ({lives(one)}) {{ go(); }} else {{ stop(); }} }}")

    def test_a_statement_may_be_left_out(self):
        (one,) = bug("- stop();\n+")
        self.assertEqual(woven("stop();", one), f"{{ if ({lives(one)}) {{  }} else {{ stop(); }} }}")

    def test_white_space_does_not_matter(self):
        (one,) = bug("- f(a,\n-   b)\n+ g(a)")
        self.assertEqual(woven("f(a, b)", one), f"({lives(one)} ? (g(a)) : (f(a, b)))")

    def test_what_does_not_stand_there_is_refused_by_name_and_file(self):
        (one,) = bug("- a\n+ b", "lost")
        self.refused(
            "bug lost (bugs.txt, line 1): this does not stand in controllers/run/a.cpp: a", lambda: woven("c", one)
        )

    def test_what_stands_there_twice_is_refused(self):
        (one,) = bug("- a\n+ b")
        self.refused("this stands 2 times in controllers/run/a.cpp: a", lambda: woven("a + a", one))

    def test_within_a_function_only_its_text_counts(self):
        (one,) = bug("within void f\n- stop();\n+ go();")
        e, f, g = (f"void {name}() {{\n  stop();\n}}\n" for name in "efg")
        choice = f"{{ if ({lives(one)}) {{ go(); }} else {{ stop(); }} }}"
        self.assertEqual(woven(e + f + g, one), e + f.replace("stop();", choice) + g)

    def test_a_bug_may_stand_within_what_another_replaces(self):
        (outer,) = bug("- if (a) b();\n+", "outer")
        (inner,) = bug("- a\n+ c", "inner")
        self.assertEqual(
            woven("if (a) b();", inner, outer),
            f"{{ if ({lives(outer)}) {{  }} else {{ if (({lives(inner)} ? (c) : (a))) b(); }} }}",
        )

    def test_two_bugs_may_replace_the_same_text(self):
        (one,) = bug("- a\n+ b", "one")
        (two,) = bug("- a\n+ c", "two")
        self.assertEqual(woven("a", one, two), f"({lives(one)} ? (b) : (({lives(two)} ? (c) : (a))))")

    def test_bugs_that_overlap_by_halves_are_refused(self):
        (one,) = bug("- a b\n+ x", "one")
        (two,) = bug("- b c\n+ y", "two")
        self.refused("bugs one and two overlap in controllers/run/a.cpp", lambda: woven("a b c", one, two))

    def test_one_bug_may_change_several_places(self):
        (one,) = bug("- a\n+ b\n- c\n+ d")
        self.assertEqual(woven("a c", one), f"({lives(one)} ? (b) : (a)) ({lives(one)} ? (d) : (c))")


class Reading(unittest.TestCase):
    def refused(self, sentence, text):
        with self.assertRaises(weave.Wrong) as caught:
            weave.check_all(weave.read_bugs(text, "bugs.txt"))
        self.assertIn(sentence, str(caught.exception))

    def test_a_bug_is_read(self):
        (one,) = weave.read_bugs(
            "# a remark\nbug a-b\nIt is\nwrong.\nseen: there\nshape: chain\n"
            "fault: operator stream 4 stream-gone\nin f.cpp\nwithin void f\n- a\n+ b\n",
            "bugs.txt",
        )
        edit = weave.Edit("f.cpp", "void f", ["a"], ["b"])
        fault = "operator stream 4 stream-gone"
        self.assertEqual(one, weave.Bug("a-b", "bugs.txt, line 2", "It is wrong.", "there", "chain", fault, [edit]))

    def test_a_fault_that_names_no_request_is_refused(self):
        self.refused("a fault is an actor", BUG.format(name="one", body="- a\n+ b").replace("in ", "fault: crash\nin "))

    def test_two_of_one_name_are_refused(self):
        one = BUG.format(name="one", body="- a\n+ b")
        self.refused("bug one: there are two, bugs.txt, line 1 and bugs.txt, line 6", one + one)

    def test_a_bug_without_a_sentence_is_refused(self):
        self.refused("does not say what is wrong", "bug one\nin f.cpp\n- a\n+ b\n")

    def test_a_bug_that_changes_nothing_is_refused(self):
        self.refused("changes nothing", "bug one\nIt is wrong.\n")

    def test_a_right_text_without_a_wrong_one_is_refused(self):
        self.refused("but not what is wrong", BUG.format(name="one", body="- a"))

    def test_an_expression_can_not_become_nothing(self):
        self.refused("an expression is replaced by an expression", BUG.format(name="one", body="- a\n+"))

    def test_a_statement_can_not_become_an_expression(self):
        self.refused("statements are replaced by statements", BUG.format(name="one", body="- a;\n+ b"))

    def test_a_stray_line_is_refused(self):
        self.refused('what is "a"?', BUG.format(name="one", body="a"))


class Transplanting(unittest.TestCase):
    def test_the_operator_moves_into_a_namespace_of_its_own(self):
        text = (
            '#pragma once\n#include "operator/runtime/store.hpp"\n#include "operator/runtime/loop.hpp"\n'
            "namespace ork::runtime {\n"
        )
        self.assertEqual(
            weave.transplant("operator/runtime/store.hpp", text, {"operator/runtime/store.hpp"}),
            '#pragma once\n#include "tests/sim/zoo/living.hpp"\n#include "woven/operator/runtime/store.hpp"\n'
            '#include "operator/runtime/loop.hpp"\nnamespace ork::zoo::runtime {\n',
        )

    def test_the_world_uses_the_woven_operator(self):
        self.assertEqual(
            weave.transplant("tests/sim/world.cpp", "namespace ork::sim {\nreconcile::Operator op;\n", set()),
            '#include "tests/sim/zoo/living.hpp"\nnamespace ork::sim {\nzoo::reconcile::Operator op;\n',
        )


class Calling(unittest.TestCase):
    def weave(self, folder, paths, edited="controllers/run/a.cpp"):
        root = pathlib.Path(folder)
        (root / "controllers/run").mkdir(parents=True, exist_ok=True)
        (root / edited).write_text("stop();\n")
        (root / "bugs.txt").write_text(BUG.format(name="one", body="- stop();\n+"))
        (root / "paths").write_text("\n".join(paths))
        bugs, out = str(root / "bugs.txt"), str(root / "out")
        weave.main(["--sources", folder, "--bugs", bugs, "--out", out, "--paths", str(root / "paths")])
        return root / "out"

    def test_copies_a_source_for_their_folder_and_the_table_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            out = self.weave(folder, ["controllers/run/a.cpp"])
            self.assertIn("lives(", (out / "woven/controllers/run/a.cpp").read_text())
            self.assertIn('#include "woven/controllers/run/a.cpp"\n', (out / "controllers-run.cpp").read_text())
            self.assertIn('"one", "Something is wrong.", "", ""}', (out / "all_bugs.cpp").read_text())

    def test_a_file_that_is_not_woven_is_refused(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(weave.Wrong) as caught:
            self.weave(folder, ["controllers/run/b.cpp"])
        self.assertIn("controllers/run/a.cpp is no file that is woven", str(caught.exception))

    def test_the_source_of_a_folder_is_new_when_a_header_is(self):
        before = weave.units({"controllers/run/a.cpp": "a", "operator/runtime/b.hpp": "b"})
        after = weave.units({"controllers/run/a.cpp": "a", "operator/runtime/b.hpp": "c"})
        self.assertNotEqual(before["controllers/run"], after["controllers/run"])

    def test_a_part_between_backticks_is_replaced_and_the_rest_says_where(self):
        (one,) = bug("- f(a, `b`)\n+ c")
        self.assertEqual(woven("b f(a, b)", one), f"b f(a, ({lives(one)} ? (c) : (b)))")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""What must be true of crds/ without a cluster: see README.md. Needs PyYAML (python3-yaml)."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_BYTES = 200_000

# Below these fields values only pass through to the Pod: the C++ sources hold them as JSON and name
# nothing inside.
PASSED_THROUGH = {"env", "envFrom", "resources", "securityContext", "podTemplate"}
# Passed through as well, but Kubernetes would drop a word of it that is written wrong, and confine less without one.
KNOWN_TO_THE_LAST_WORD = {"securityContext"}
# Below these stands JSON Schema, whose words controllers/schema knows.
SCHEMAS = {"params", "types"}

# The sources that read and write our kinds, and the words in them that are no field of the schema.
SOURCES = ["workflow.cpp", "workflow_run_decode.cpp", "workflow_run_encode.cpp", "conditions_json.cpp"]
# Values of onFailure, trigger and approve.default.
NOT_FIELDS = {"run", "skip", "reject", "always", "allSucceeded", "allDone", "anySucceeded", "anyFailed", "noneFailed"}
# Read by the API server and the CLI only.
NOT_IN_SOURCES = {"metadata"}
LITERAL = re.compile(r'"([A-Za-z][A-Za-z0-9]*)"')


def load(name):
    return yaml.safe_load((ROOT / "crds" / name).read_text())


def schema_of(crd):
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def walk(schema, path=""):
    """Every schema node with its path, the root first."""
    yield path, schema
    for name, child in schema.get("properties", {}).items():
        yield from walk(child, f"{path}.{name}")
    if "items" in schema:
        yield from walk(schema["items"], f"{path}[]")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from walk(schema["additionalProperties"], f"{path}{{}}")


def field_names(schema, passed_through=frozenset(PASSED_THROUGH)):
    """Names of the fields the C++ sources must know; not those below what is passed through."""
    for name, child in schema.get("properties", {}).items():
        yield name
        if name not in passed_through | SCHEMAS:
            yield from field_names(child, passed_through)
    if "items" in schema:
        yield from field_names(schema["items"], passed_through)


def without_descriptions(schema):
    if isinstance(schema, dict):
        return {k: without_descriptions(v) for k, v in schema.items()
                if k != "description" or not isinstance(v, str)}
    if isinstance(schema, list):
        return [without_descriptions(v) for v in schema]
    return schema


class Crds(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.workflow = load("workflow.yaml")
        cls.workflow_run = load("workflowrun.yaml")
        cls.kinds = {"workflow": cls.workflow, "workflowrun": cls.workflow_run}

    def each_node(self):
        for kind, crd in self.kinds.items():
            for path, node in walk(schema_of(crd)):
                yield f"{kind}{path}", node

    def test_the_inline_workflow_of_a_run_is_what_the_generator_makes(self):
        result = subprocess.run([sys.executable, ROOT / "crds" / "generate.py", "--check"],
                                capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_inline_workflow_of_a_run_has_the_schema_of_a_workflows_spec(self):
        self.assertEqual(schema_of(self.workflow)["properties"]["spec"],
                         schema_of(self.workflow_run)["properties"]["spec"]["properties"]["workflow"])

    def test_a_task_and_defaults_agree_on_the_fields_they_share(self):
        spec = schema_of(self.workflow)["properties"]["spec"]["properties"]
        task = spec["tasks"]["items"]["properties"]
        for name, default in spec["defaults"]["properties"].items():
            with self.subTest(name):
                self.assertEqual(without_descriptions(task[name]), without_descriptions(default))

    def test_conditions_have_the_same_schema_in_both_kinds(self):
        of = lambda crd: schema_of(crd)["properties"]["status"]["properties"]["conditions"]
        self.assertEqual(without_descriptions(of(self.workflow)), without_descriptions(of(self.workflow_run)))

    def test_every_field_has_a_description_with_an_example(self):
        for path, node in self.each_node():
            if path.endswith(".metadata") and node == {"type": "object"}:
                continue  # the API server knows it, and takes no description of ours
            with self.subTest(path):
                text = node.get("description", "")
                self.assertRegex(text, r"example|such as", f"{path}: {text!r}")
                self.assertLess(len(text), 320)

    def test_every_string_list_and_map_is_bounded(self):
        # Of metadata, apiVersion and kind the API server says how long they may be.
        free = re.compile(r"^\w+\.(apiVersion|kind|metadata)$")
        for path, node in self.each_node():
            if free.match(path):
                continue
            with self.subTest(path):
                if node.get("type") == "string" and "enum" not in node and "format" not in node:
                    self.assertIn("maxLength", node)
                if node.get("type") == "array":
                    self.assertIn("maxItems", node)
                    self.assertIn("x-kubernetes-list-type", node)
                if isinstance(node.get("additionalProperties"), dict):
                    self.assertIn("maxProperties", node)
                if node.get("type") == "integer":
                    self.assertIn(node.get("format"), ("int32", "int64"))

    def test_every_expression_may_be_as_long_as_the_sources_take(self):
        limits = (ROOT / "controllers" / "expr" / "limits.hpp").read_text()
        bound = int(re.search(r"max_expression_length = (\d+);", limits).group(1))
        said = {}
        for path, node in walk(schema_of(self.workflow)):
            of_values = isinstance(node.get("additionalProperties"), dict)
            if re.search(r"\bCEL\b|(?<!regular )\bexpression\b", node.get("description", "")) and ("maxLength" in node or of_values):
                said[path] = node["additionalProperties"].get("maxLength") if of_values else node["maxLength"]
        self.assertGreaterEqual(len(said), 10)
        self.assertEqual({path: length for path, length in said.items() if length not in (bound, None)}, {})

    def test_a_status_is_born_unobserved(self):
        for kind, crd in self.kinds.items():
            with self.subTest(kind):
                status = schema_of(crd)["properties"]["status"]
                self.assertEqual(status["default"], {"observedGeneration": -1})
                self.assertIn("status", crd["spec"]["versions"][0]["subresources"])

    def test_every_rule_has_a_message(self):
        rules = [(path, rule) for path, node in self.each_node()
                 for rule in node.get("x-kubernetes-validations", [])]
        self.assertGreater(len(rules), 10)
        for path, rule in rules:
            with self.subTest(path=path, rule=rule["rule"]):
                self.assertGreater(len(rule.get("message", "")), 20)

    def test_each_file_stays_small_enough_for_kubectl_apply(self):
        for name in ("workflow.yaml", "workflowrun.yaml"):
            with self.subTest(name):
                self.assertLess((ROOT / "crds" / name).stat().st_size, MAX_BYTES)
                self.assertLess(len(json.dumps(load(name))), MAX_BYTES)

    def test_the_sources_read_and_write_exactly_the_fields_of_the_schema(self):
        literals = set()
        for name in SOURCES:
            text = (ROOT / "controllers" / "api" / name).read_text()
            text = re.sub(r"#include.*|//.*", "", text)
            literals.update(LITERAL.findall(text))
        fields = {name for crd in self.kinds.values() for name in field_names(schema_of(crd))}
        fields -= NOT_IN_SOURCES
        self.assertEqual(fields - literals, set(), "in crds/, but not in controllers/api")
        words = {w for w in literals if w[0].islower()} - NOT_FIELDS - {"string"}
        self.assertEqual(words - fields, set(), "in controllers/api, but not in crds/")

    def test_the_operator_knows_exactly_the_fields_of_a_workflows_spec(self):
        """An inline spec of an old revision may never have met the schema, so ork knows its fields too."""
        text = (ROOT / "controllers" / "workflow" / "fields.cpp").read_text()
        known = set(re.findall(r'\.name = "([A-Za-z]+)"', text))
        spec = schema_of(self.workflow)["properties"]["spec"]
        fields = set(field_names(spec, PASSED_THROUGH - KNOWN_TO_THE_LAST_WORD))
        fields |= {"metadata", "spec", "labels", "annotations"}  # those of podTemplate
        self.assertEqual(fields, known)

    def test_a_param_takes_exactly_the_words_of_a_schema(self):
        text = (ROOT / "controllers" / "schema" / "keywords.cpp").read_text()
        words = set(re.findall(r'\.name = "([A-Za-z]+)"', text))
        param = schema_of(self.workflow)["properties"]["spec"]["properties"]["params"]["items"]
        self.assertEqual(set(param["properties"]) - {"name", "secret"}, words)

    def test_enums_are_those_of_the_sources(self):
        task = schema_of(self.workflow_run)["properties"]["status"]["properties"]["tasks"]["items"]["properties"]
        text = (ROOT / "controllers" / "api" / "phase.cpp").read_text()
        words = set(LITERAL.findall(text))
        for field in ("phase", "cause"):
            with self.subTest(field):
                self.assertLessEqual(set(task[field]["enum"]), words)
        acts = schema_of(self.workflow_run)["properties"]["spec"]["properties"]["actions"]["items"]["properties"]["do"]["enum"]
        told = schema_of(self.workflow_run)["properties"]["status"]["properties"]["actions"]["items"]["properties"]["do"]["enum"]
        self.assertEqual(acts, told)
        self.assertEqual(words - set(task["phase"]["enum"]) - set(task["cause"]["enum"]), set(acts))


if __name__ == "__main__":
    unittest.main()

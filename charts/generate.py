#!/usr/bin/env python3
"""Writes what the chart repeats: the CRDs (from crds/), the dashboards (from dashboards.py), and the table of values in its
README (from values.yaml).

    charts/generate.py            writes all
    charts/generate.py --check    exits with 1 where that would change anything, or values.yaml and its schema disagree

In values.yaml a comment stands above each value that a user may set; it is that value's sentence in the table. A key without
one is a heading: what stands under it has comments of its own.
"""

import json
import pathlib
import re
import sys

import yaml

sys.dont_write_bytecode = True
from dashboards import DASHBOARDS  # noqa: E402

CHARTS = pathlib.Path(__file__).resolve().parent
CHART = CHARTS / "ork"
CRDS = CHARTS.parent / "crds"
BEGIN, END = "<!-- values -->", "<!-- end of values -->"
KEY = re.compile(r"^(\s*)([A-Za-z]\w*):")


def rows(text):
    """(path, default, sentence) of each value, in the file's order."""
    values, sentence, parents, found, covered = yaml.safe_load(text), [], [], [], None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        if line.lstrip().startswith("# ") and (covered is None or indent <= covered):
            sentence.append(line.strip()[2:])
        elif match := KEY.match(line):
            if covered is not None and indent > covered:
                continue  # inside of a value that has its sentence
            parents = [parent for parent in parents if parent[0] < indent] + [(indent, match.group(2))]
            path = [name for _, name in parents]
            value = values
            for name in path:
                value = value[name]
            covered = indent if sentence else None
            if sentence:
                found.append((".".join(path), value, " ".join(sentence)))
            elif not isinstance(value, dict):
                sys.exit(f"charts/ork/values.yaml, line {number}: {'.'.join(path)} has no comment above it that says what it does")
            sentence = []
        elif not line.strip():
            sentence = []
    return found


def table(text):
    lines = ["| value | default | what |", "|---|---|---|"]
    for path, default, sentence in rows(text):
        lines.append(f"| `{path}` | `{json.dumps(default)}` | {sentence.replace('|', chr(92) + '|')} |")
    return "\n".join(lines)


def readme():
    text = (CHART / "README.md").read_text()
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n{table((CHART / 'values.yaml').read_text())}\n{END}{after}"


def undescribed(values, schema, path=""):
    """Values that the schema does not know, and properties without a default."""
    known = schema.get("properties")
    if not isinstance(values, dict) or known is None or not path and not known:
        return []
    wrong = [f"{path}{name} stands in values.yaml and not in values.schema.json" for name in values if name not in known]
    optional = {"global", "resources.claims"}
    for name, inner in known.items():
        if name in values:
            wrong += undescribed(values[name], inner, f"{path}{name}.")
        elif path + name not in optional and not path.startswith("affinity."):
            wrong.append(f"{path}{name} stands in values.schema.json and not in values.yaml")
    return wrong


def generated():
    files = {CHART / "files" / "crds" / source.name: source.read_text() for source in sorted(CRDS.glob("*.yaml"))}
    for name, dashboard in DASHBOARDS.items():
        files[CHART / "files" / "dashboards" / f"{name}.json"] = json.dumps(dashboard, indent=1) + "\n"
    files[CHART / "README.md"] = readme()
    return files


def wrong_version():
    wanted = re.search(r"project\(ork VERSION (\S+)", (CHARTS.parent / "CMakeLists.txt").read_text()).group(1)
    said = str(yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"])
    return [] if said == wanted else [f"charts/ork/Chart.yaml: appVersion is {said}, but CMakeLists.txt says {wanted}"]


def main():
    files = generated()
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    if "--check" not in sys.argv[1:]:
        for path in stale:
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[path])
        stale = []
    wrong = [f"{path.relative_to(CHARTS.parent)} is out of step: run charts/generate.py" for path in stale]
    wrong += [f"{path.relative_to(CHARTS.parent)} has no source in crds/: delete it"
              for path in sorted((CHART / "files" / "crds").glob("*")) if path not in files]
    wrong += wrong_version()
    wrong += undescribed(yaml.safe_load((CHART / "values.yaml").read_text()), json.loads((CHART / "values.schema.json").read_text()))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()

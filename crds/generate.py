#!/usr/bin/env python3
"""Copies the schema of a Workflow's spec from workflow.yaml into workflowrun.yaml.

A run may hold a Workflow's spec inline, so the same schema stands in two files, but only one of
them is written by hand. Lines are copied as text, shifted to where they belong, so that the
result reads as if written there.

    crds/generate.py            rewrites workflowrun.yaml
    crds/generate.py --check    exits with 1 where that would change anything
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "workflow.yaml"
TARGET = HERE / "workflowrun.yaml"
BEGIN, END = "# >>> spec", "# <<< spec"


def marked(lines, path):
    """The indexes of the two mark lines, and how far they are indented."""
    first = [i for i, line in enumerate(lines) if line.lstrip().startswith(BEGIN)]
    last = [i for i, line in enumerate(lines) if line.lstrip().startswith(END)]
    if len(first) != 1 or len(last) != 1 or first[0] > last[0]:
        sys.exit(f"{path.name}: expected one line '{BEGIN}' and after it one line '{END}'")
    return first[0], last[0], len(lines[first[0]]) - len(lines[first[0]].lstrip())


def shifted(line, by):
    return " " * (len(line) - len(line.lstrip()) + by) + line.lstrip() if line.strip() else line


def generated():
    source = SOURCE.read_text().splitlines(keepends=True)
    target = TARGET.read_text().splitlines(keepends=True)
    begin, end, indent = marked(source, SOURCE)
    to_begin, to_end, to_indent = marked(target, TARGET)
    block = [shifted(line, to_indent - indent) for line in source[begin + 1 : end]]
    # The block is the property `spec`; in a run the same property is called `workflow`.
    block[0] = block[0].replace("spec:", "workflow:", 1)
    return "".join(target[: to_begin + 1] + block + target[to_end:])


def main():
    text = generated()
    current = TARGET.read_text()
    if "--check" in sys.argv[1:]:
        if text != current:
            sys.exit("crds/workflowrun.yaml is out of step with crds/workflow.yaml: run crds/generate.py")
        return
    if text != current:
        TARGET.write_text(text)


if __name__ == "__main__":
    main()

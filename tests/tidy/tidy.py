#!/usr/bin/env python3
"""Holds the tree to its shape: sizes, names, arrows, READMEs. Prints what is wrong; exit code 1.

The bounds are those of CONTRIBUTING.md. A waiver is a line in `WAIVED` with its reason.
"""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 70
MAX_LINE_COLUMNS = 140
CODE = {".cpp", ".hpp", ".py", ".go", ".sh"}
WAIVED = {}

EMPTY_NAMES = re.compile(r"(^|[/_.-])(utils?|common|helpers?|misc|managers?)([/_.-]|$)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# grep -q ends at the first match, what writes to it dies of SIGPIPE, and with pipefail that counts as no match.
QUIET_GREP = re.compile(r"(?<!\|)\| *grep +-\w*q")
# controllers/ decides and does no I/O: it has no clock, no thread, no chance, no environment.
IMPURE = re.compile(
    r'#include [<"](boost/|curl/|openssl/|spdlog/|yaml-cpp/|simdjson|thread|mutex|atomic|filesystem|fstream|iostream'
    r"|random|unistd|sys/)|(system_clock|steady_clock)::now|\bgetenv\("
)
# A folder may include these and itself. operator/ may use controllers/, never the other way round.
ARROWS = {
    "controllers/result": [],
    "controllers/api": ["controllers/result"],
    "controllers/cron": ["controllers/result", "controllers/api"],
    "controllers/shard": [],
    "controllers/backlog": ["controllers/api"],
    "controllers/dag": ["controllers/result"],
    "controllers/expr": ["controllers/result"],
    "controllers/schema": ["controllers/dag", "controllers/expr"],
    "controllers/workflow": [
        "controllers/result", "controllers/api", "controllers/cron", "controllers/dag", "controllers/expr",
        "controllers/schema"
    ],
    "controllers/observe": ["controllers/api", "controllers/workflow"],
    "controllers/jobs": ["controllers/result", "controllers/api", "controllers/workflow", "controllers/observe"],
    "controllers/run": ["controllers/"],
    "operator/kube": ["controllers/result"],
    "operator/runtime": ["controllers/result", "operator/kube"],
    "operator/replicas": ["controllers/result", "controllers/shard", "operator/kube", "operator/runtime"],
    "operator/telemetry": ["controllers/result", "controllers/observe", "operator/runtime"],
    "operator/manifest": ["controllers/"],
    "operator/time_zones": [],
    "operator/reconcile": [
        "controllers/", "operator/kube", "operator/runtime", "operator/replicas", "operator/time_zones"
    ],
    "operator/instruments": [
        "controllers/", "operator/kube", "operator/runtime", "operator/reconcile", "operator/telemetry"
    ],
    "operator/embedded": ["controllers/", "operator/kube", "operator/runtime", "operator/manifest"],
    "operator/dev": [
        "controllers/", "operator/kube", "operator/runtime", "operator/reconcile", "operator/embedded", "operator/manifest"
    ],
    "operator/cli": ["controllers/", "operator/"],
}


def tracked():
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [pathlib.Path(p) for p in out.splitlines() if (ROOT / p).is_file()]


def check_text(path, text, wrong):
    lines = text.splitlines()
    if len(lines) > MAX_FILE_LINES:
        wrong(path, f"has {len(lines)} lines; the bound is {MAX_FILE_LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_COLUMNS and path.suffix in {".py", ".sh"}:
            wrong(path, f"line {number} has {len(line)} columns; the bound is {MAX_LINE_COLUMNS}")
        if UNFINISHED.search(line) and path != pathlib.Path("tests/tidy/tidy.py"):
            wrong(path, f"line {number} is unfinished: {line.strip()[:60]}")


def check_shell(path, text, wrong):
    for number, line in enumerate(text.splitlines(), 1):
        if QUIET_GREP.search(line):
            wrong(path, f"line {number}: a pipe into grep -q finds nothing now and then; write grep ... >/dev/null")


def check_cpp(path, text, wrong):
    is_test = path.stem.endswith("_test")
    if path.parts[0] == "controllers" and not is_test:
        for match in IMPURE.finditer(text):
            wrong(path, f"controllers/ is pure, but this has {match.group(0)!r}")
    folder = "/".join(path.parts[:2])
    if folder in ARROWS and not is_test:
        allowed = [folder + "/", *(a if a.endswith("/") else a + "/" for a in ARROWS[folder])]
        for include in re.findall(r'#include "((?:controllers|operator|tests|bench)/[^"]+)"', text):
            if not include.startswith(tuple(allowed)):
                wrong(path, f"may not include {include} (see ARROWS in tests/tidy/tidy.py)")
    if path.suffix == ".hpp" and "#pragma once" not in text:
        wrong(path, "has no #pragma once")


def check_functions(paths, wrong):
    """Function length by the formatted code: a body ends at a line that holds as little as its head's indent."""
    head = re.compile(r"^( *)[^ #/].*\)( const)?( override)?( final)?( noexcept)?( ->.*)? \{$|^( *)def .*:$")
    for path in paths:
        lines = (ROOT / path).read_text(errors="replace").splitlines()
        for start, line in enumerate(lines):
            match = head.match(line)
            if not match or line.lstrip().startswith(("if", "for", "while", "switch", "}", "else", "namespace")):
                continue
            indent = len(line) - len(line.lstrip())
            end = next(
                (i for i in range(start + 1, len(lines)) if lines[i].strip()
                 and len(lines[i]) - len(lines[i].lstrip()) <= indent),
                len(lines),
            )
            if end - start > MAX_FUNCTION_LINES and "TEST" not in line:
                wrong(path, f"line {start + 1}: a function of {end - start} lines; the bound is {MAX_FUNCTION_LINES}")


def check_readmes(paths, wrong):
    folders = {p.parent for p in paths if p.suffix in CODE | {".yaml"} and len(p.parts) > 1}
    for folder in sorted({pathlib.Path(*f.parts[:2]) for f in folders} | {pathlib.Path(f.parts[0]) for f in folders}):
        if folder.parts[0].startswith(".") or folder.name in {"cmake", "bad"}:
            continue
        if not (ROOT / folder / "README.md").exists():
            wrong(folder, "has no README.md")
    readme = (ROOT / "README.md").read_text() if (ROOT / "README.md").exists() else ""
    for top in sorted({p.parts[0] for p in paths if len(p.parts) > 1 and not p.parts[0].startswith(".")}):
        if f"{top}/" not in readme:
            wrong("README.md", f"does not name the folder {top}/")
    for named in re.findall(r"^\| `([\w./-]+)/`", readme, re.M):
        if not (ROOT / named).is_dir():
            wrong("README.md", f"names {named}/, which does not exist")


def main():
    problems = []

    def wrong(path, what):
        if str(path) not in WAIVED:
            problems.append(f"{path}: {what}")

    paths = tracked()
    for path in paths:
        if EMPTY_NAMES.search(str(path)):
            wrong(path, "a name that says nothing")
        if path.suffix == ".sh" or path.parts[0] == "hack" and not path.suffix:
            check_shell(path, (ROOT / path).read_text(errors="replace"), wrong)
        if path.suffix in CODE:
            text = (ROOT / path).read_text(errors="replace")
            check_text(path, text, wrong)
            if path.suffix in {".cpp", ".hpp"}:
                check_cpp(path, text, wrong)
    check_functions([p for p in paths if p.suffix in {".cpp", ".py"}], wrong)
    check_readmes(paths, wrong)
    for problem in problems[:40]:
        print("  " + problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()

#!/usr/bin/env python3
"""Copies the operator's sources with every bug of the zoo woven in, as a choice made at run time.

    weave.py --sources ROOT --bugs FILE... --out FOLDER --paths LIST

LIST names sources and headers, a line each, relative to ROOT. Their copies stand in FOLDER/woven/, in the namespace
ork::zoo where the originals are in ork; so both can be linked into one binary, and the embedded cluster keeps the healthy
ones. A file outside controllers/ and operator/ is copied so that it uses the woven operator. What is compiled is one file
for each of their folders, FOLDER/controllers-run.cpp, and FOLDER/all_bugs.cpp. README.md says how a bug is written.
"""

import argparse
import pathlib
import re
import sys
import zlib
from dataclasses import dataclass, field


class Wrong(Exception):
    """A sentence for whoever builds."""


@dataclass
class Edit:
    path: str
    within: str  # the first words of a function or class; empty: anywhere in the file
    right: list = field(default_factory=list)
    wrong: list = field(default_factory=list)


@dataclass
class Bug:
    name: str
    place: str  # file and line, for messages
    sentence: str = ""
    seen: str = ""
    shape: str = ""
    fault: str = ""
    edits: list = field(default_factory=list)

    @property
    def number(self):
        # Not its place in the list: a bug more would otherwise change every woven file.
        return zlib.crc32(self.name.encode()) or 1


def take_line(line, bug, state):
    """Adds a line of a bug file to the bug that it belongs to."""
    if line.startswith("in "):
        state.update(path=line[3:].strip(), within="", edit=None)
    elif line.startswith("within "):
        state.update(within=line[7:].strip(), edit=None)
    elif line.startswith("seen:"):
        bug.seen = line[5:].strip()
    elif line.startswith("shape:"):
        bug.shape = line[6:].strip()
    elif line.startswith("fault:"):
        bug.fault = line[6:].strip()
    elif line == "-" or line.startswith("- "):
        if not state["path"]:
            raise Wrong(f"bug {bug.name} ({bug.place}): a right text before any \"in FILE\"")
        if state["edit"] is None or state["edit"].wrong:
            state["edit"] = Edit(state["path"], state["within"])
            bug.edits.append(state["edit"])
        state["edit"].right.append(line[2:])
    elif line == "+" or line.startswith("+ "):
        if state["edit"] is None:
            raise Wrong(f"bug {bug.name} ({bug.place}): a wrong text without a right one")
        state["edit"].wrong.append(line[2:])
    elif not state["path"]:
        bug.sentence = (bug.sentence + " " + line.strip()).strip()
    else:
        raise Wrong(f"bug {bug.name} ({bug.place}): what is \"{line}\"?")


def read_bugs(text, file):
    bugs, state = [], {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip()
        if not line:
            state["edit"] = None
        elif line.startswith("bug "):
            bugs.append(Bug(line[4:].strip(), f"{file}, line {number}"))
            state = {"path": "", "within": "", "edit": None}
        elif not line.startswith("#"):
            if not bugs:
                raise Wrong(f"{file}, line {number}: a line before the first bug")
            take_line(line, bugs[-1], state)
    for bug in bugs:
        check_bug(bug)
    return bugs


def check_bug(bug):
    where = f"bug {bug.name} ({bug.place})"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", bug.name):
        raise Wrong(f"{where}: a name is lower case words with dashes")
    if not bug.sentence:
        raise Wrong(f"{where}: does not say what is wrong")
    for fault in bug.fault.split(", ") if bug.fault else []:
        if not re.fullmatch(r"[a-z0-9-]+ (call|write|stream) [1-9][0-9]*(-[1-9][0-9]*)? [a-z-]+", fault):
            raise Wrong(f"{where}: a fault is an actor, what of it is counted, a number (or 4-20) and a harm, not \"{fault}\"")
    if not bug.edits:
        raise Wrong(f"{where}: changes nothing")
    for edit in bug.edits:
        if not edit.wrong:
            raise Wrong(f"{where}: says what is right in {edit.path}, but not what is wrong (a \"+\" alone: nothing)")
        wrong = text_of(edit.wrong)
        if text_of(edit.right).count("`") not in (0, 2):
            raise Wrong(f"{where}: backticks come in pairs, one a text")
        if is_statement(replaced(text_of(edit.right))):
            if wrong and not is_statement(wrong):
                raise Wrong(f"{where}: statements are replaced by statements, in {edit.path}")
        elif not wrong or is_statement(wrong):
            raise Wrong(f"{where}: an expression is replaced by an expression, in {edit.path}")


def check_all(bugs):
    names, numbers = {}, {}
    for bug in bugs:
        if bug.name in names:
            raise Wrong(f"bug {bug.name}: there are two, {names[bug.name].place} and {bug.place}")
        if bug.number in numbers:
            raise Wrong(f"bug {bug.name}: its number is that of {numbers[bug.number].name}; give it another name")
        names[bug.name], numbers[bug.number] = bug, bug


def text_of(lines):
    return "\n".join(lines).strip()


def replaced(text):
    """The part between backticks; the rest then only says where it stands."""
    parts = text.split("`")
    return parts[1].strip() if len(parts) == 3 else text


def is_statement(text):
    return text.endswith((";", "}"))


def the_one(text, source, begin, end, bug, path):
    """Where the text stands: white space of any kind and length is as good as any other."""
    parts = text.split("`") if "`" in text else ["", text, ""]
    before, marked, after = (
        "".join(r"\s+" if word.isspace() else re.escape(word) for word in re.split(r"(\s+)", part)) for part in parts
    )
    found = [m.span(1) for m in re.compile(f"{before}({marked}){after}").finditer(source, begin, end)]
    if len(found) != 1:
        times = "does not stand in" if not found else f"stands {len(found)} times in"
        raise Wrong(f"bug {bug.name} ({bug.place}): this {times} {path}: {' '.join(text.split())}")
    return found[0]


def span_of(source, edit, bug):
    if not edit.within:
        return the_one(text_of(edit.right), source, 0, len(source), bug, edit.path)
    begin, _ = the_one(edit.within, source, 0, len(source), bug, edit.path)
    line = source.rfind("\n", 0, begin) + 1
    indent = re.compile(r"[ ]*").match(source, line)[0]
    end = re.compile(rf"^{indent}}}", re.M).search(source, begin)
    stop = end.start() if end else len(source)
    return the_one(text_of(edit.right), source, begin, stop, bug, f"{edit.path}, within {edit.within}")


@dataclass
class Cut:
    begin: int
    end: int
    bug: Bug
    wrong: str


def cuts_of(path, source, bugs):
    cuts, wrong = [], []
    for bug, edit in ((bug, edit) for bug in bugs for edit in bug.edits if edit.path == path):
        try:
            cuts.append(Cut(*span_of(source, edit, bug), bug, text_of(edit.wrong)))
        except Wrong as one:
            wrong.append(str(one))
    if wrong:
        raise Wrong("\n".join(wrong))
    cuts.sort(key=lambda cut: (cut.begin, -cut.end))
    for outer in cuts:
        for cut in cuts:
            if outer.begin < cut.begin < outer.end < cut.end:
                raise Wrong(f"bugs {outer.bug.name} and {cut.bug.name} overlap in {path}; one may hold the other whole")
    return cuts


def choice(cut, statement, right):
    lives = f"::ork::zoo::lives({cut.bug.number}u /* {cut.bug.name} */)"
    if statement:
        return f"{{ if ({lives}) {{ {cut.wrong} }} else {{ {right} }} }}"
    return f"({lives} ? ({cut.wrong}) : ({right}))"


def weave(source, begin, end, cuts):
    """source[begin:end] with these cuts, which lie within; a cut may hold others, in its right text."""
    out, at = [], begin
    while cuts:
        first = cuts[0]
        inner = [cut for cut in cuts[1:] if cut.end <= first.end]
        cuts = [cut for cut in cuts[1:] if cut.end > first.end]
        out.append(source[at : first.begin])
        statement = is_statement(source[first.begin : first.end])
        out.append(choice(first, statement, weave(source, first.begin, first.end, inner)))
        at = first.end
    out.append(source[at:end])
    return "".join(out)


def is_product(path):
    return path.startswith(("controllers/", "operator/"))


def transplant(path, text, paths):
    """Its includes are the woven ones, its namespace is another."""
    folders = sorted({pathlib.PurePosixPath(p).parent.name for p in paths if is_product(p)})
    text = re.sub(
        r'#include "([^"]+)"', lambda m: f'#include "woven/{m[1]}"' if m[1] in paths else m[0], text
    )
    if is_product(path):
        text = re.sub(rf"^namespace ork::({'|'.join(folders)})\b", r"namespace ork::zoo::\1", text, flags=re.M)
    else:
        text = re.sub(r"(?<![\w:])(reconcile::|replicas::|api::|jobs::|run::|workflow::)", r"zoo::\1", text)
    include = '#include "tests/sim/zoo/living.hpp"\n'
    return text.replace("#pragma once\n", "#pragma once\n" + include, 1) if path.endswith(".hpp") else include + text


def write(path, text):
    """Only what is new: the rest need not be compiled again."""
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def units(copies):
    """A source a folder. It says what it includes by a hash as well: so it is new whenever one of them is."""
    headers = "".join(text for path, text in copies.items() if path.endswith(".hpp"))
    out = {}
    for folder in {str(pathlib.PurePosixPath(path).parent) for path in copies}:
        sources = [p for p in copies if p.endswith(".cpp") and str(pathlib.PurePosixPath(p).parent) == folder]
        number = zlib.crc32((headers + "".join(copies[path] for path in sources)).encode())
        out[folder] = f"// {number:08x}\n" + "".join(f'#include "woven/{path}"\n' for path in sources)
    return out


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(bugs):
    rows = "".join(
        f"      {{{bug.number}u, {', '.join(map(quoted, (bug.name, bug.sentence, bug.shape, bug.fault)))}}},\n"
        for bug in bugs
    )
    return (
        '#include "tests/sim/zoo/bug.hpp"\n\nnamespace ork::zoo {\n\nconst std::vector<Bug>& all_bugs() {\n'
        f"  static const std::vector<Bug> bugs{{\n{rows}  }};\n  return bugs;\n}}\n\n}}  // namespace ork::zoo\n"
    )


def main(words):
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--sources", type=pathlib.Path, required=True)
    flags.add_argument("--bugs", type=pathlib.Path, nargs="+", required=True)
    flags.add_argument("--out", type=pathlib.Path, required=True)
    flags.add_argument("--paths", type=pathlib.Path, required=True)
    flags = flags.parse_args(words)
    bugs = [bug for file in sorted(flags.bugs) for bug in read_bugs(file.read_text(), file.name)]
    check_all(bugs)
    paths = set(flags.paths.read_text().split())
    for bug in bugs:
        for edit in bug.edits:
            if edit.path not in paths:
                raise Wrong(f"bug {bug.name} ({bug.place}): {edit.path} is no file that is woven")
    copies, wrong = {}, []
    for path in sorted(paths):
        source = (flags.sources / path).read_text()
        try:
            woven = weave(source, 0, len(source), cuts_of(path, source, bugs))
        except Wrong as one:
            wrong.append(str(one))
            continue
        copies[path] = transplant(path, woven, paths)
    if wrong:
        raise Wrong("\n".join(wrong))
    for path in sorted(paths):
        write(flags.out / "woven" / path, copies[path])
    for folder, text in units(copies).items():
        write(flags.out / (folder.replace("/", "-") + ".cpp"), text)
    write(flags.out / "all_bugs.cpp", table(bugs))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Wrong as wrong:
        sys.exit(f"The zoo can't be woven (tests/sim/README.md tells how a bug is written):\n{wrong}")

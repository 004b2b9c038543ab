"""Where two answers differ."""

import dataclasses
import difflib
import json
import re

SHOWN_DIFFERENCES = 12
SHOWN_CHARACTERS = 400
SHOWN_LINES = 30


def differences(left, right, path=()):
    """[(path, left, right)]; ABSENT where one side has nothing there."""
    if type(left) is not type(right) and not (is_number(left) and is_number(right)):
        return [(path, left, right)]
    if isinstance(left, dict):
        found = []
        for key in sorted(left.keys() | right.keys()):
            if key not in left or key not in right:
                found.append((path + (key,), left.get(key, ABSENT), right.get(key, ABSENT)))
            else:
                found += differences(left[key], right[key], path + (key,))
        return found
    if isinstance(left, list):
        found = []
        for index in range(max(len(left), len(right))):
            if index >= len(left) or index >= len(right):
                found.append(
                    (
                        path + (index,),
                        left[index] if index < len(left) else ABSENT,
                        right[index] if index < len(right) else ABSENT,
                    )
                )
            else:
                found += differences(left[index], right[index], path + (index,))
        return found
    return [] if left == right else [(path, left, right)]


class _Absent:
    def __repr__(self):
        return "(nothing)"


ABSENT = _Absent()


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def in_short(value):
    text = repr(value) if value is ABSENT else json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"


@dataclasses.dataclass
class Disagreement:
    place: int  # of the step in the script; its length: found at the end
    what: str  # the step's `do`, or "watch"
    kind: str
    left: object
    right: object
    found: list  # differences(left, right)

    def signature(self):
        """Two disagreements with one cause have the same."""
        path, left, right = self.found[0]
        if self.outcomes_differ():
            return (self.verb(), "", "outcome", cause(outcome(self.left)), cause(outcome(self.right)))
        where = ".".join("*" if isinstance(part, int) else str(part) for part in path)
        kind = "" if self.refusals() else self.kind
        return (self.verb(), kind, where, cause(left), cause(right))

    def refusals(self):
        """Both answers are a Status: such are alike for all kinds."""
        bodies = [side.get("body") if isinstance(side, dict) else None for side in (self.left, self.right)]
        return all(isinstance(body, dict) and body.get("kind") == "Status" for body in bodies)

    def verb(self):
        return re.sub(r"[,:].*| (with|as|without|from|under|of) .*", "", self.what)

    def outcomes_differ(self):
        """One was done and the other refused, or refused in another way: the bodies need no comparison."""
        both = isinstance(self.left, dict) and isinstance(self.right, dict)
        return both and self.left.get("status") != self.right.get("status")

    def text(self, names):
        if self.outcomes_differ():
            return "\n".join(f"  {name}: {outcome(value)}" for name, value in zip(names, (self.left, self.right)))
        lines = [shown(names, *found) for found in self.found[:SHOWN_DIFFERENCES]]
        if len(self.found) > SHOWN_DIFFERENCES:
            lines.append(f"  and {len(self.found) - SHOWN_DIFFERENCES} more")
        return "\n".join(lines)


def shown(names, path, left, right):
    where = "  " + (".".join(map(str, path)) or "(all)")
    if isinstance(left, str) and isinstance(right, str) and "\n" in left + right:
        lines = list(difflib.unified_diff(left.split("\n"), right.split("\n"), *names, n=0, lineterm=""))
        return "\n".join([where, *("    " + line[:SHOWN_CHARACTERS] for line in lines[:SHOWN_LINES])])
    return f"{where}\n    {names[0]}: {in_short(left)}\n    {names[1]}: {in_short(right)}"


def outcome(answer):
    """An answer in one line."""
    body = answer.get("body")
    if isinstance(body, dict) and body.get("kind") == "Status":
        return f"{answer['status']} {body.get('reason', '')} {body.get('message', '')}"
    return f"{answer['status']} {in_short(body)}"


def cause(value):
    """A value without what varies from case to case."""
    if isinstance(value, (dict, list)):
        return type(value).__name__
    text = value if isinstance(value, str) else in_short(value)
    text = re.sub(r"^(\d+) [{\[].*", r"\1", text)
    return re.sub(r"\"(\\.|[^\"])*\"|(?<= )[0-9]+|<[^>]*>", "_", text)[:120]

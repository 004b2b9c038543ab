"""Where two answers differ."""

import dataclasses
import json
import re

SHOWN_DIFFERENCES = 12
SHOWN_CHARACTERS = 400


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
                found.append((path + (index,), left[index] if index < len(left) else ABSENT, right[index] if index < len(right) else ABSENT))
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
        where = ".".join("*" if isinstance(part, int) else str(part) for part in path)
        verb = re.sub(r"[,:].*| (with|as|without|from|under|of) .*", "", self.what)
        return (verb, self.kind, where, cause(left), cause(right))

    def text(self, names):
        lines = [f"  {'.'.join(map(str, path)) or '(all)'}\n    {names[0]}: {in_short(left)}\n    {names[1]}: {in_short(right)}"
                 for path, left, right in self.found[:SHOWN_DIFFERENCES]]
        if len(self.found) > SHOWN_DIFFERENCES:
            lines.append(f"  and {len(self.found) - SHOWN_DIFFERENCES} more")
        return "\n".join(lines)


def cause(value):
    """A value without what varies from case to case."""
    if isinstance(value, (dict, list)):
        return type(value).__name__
    return re.sub(r"\"[^\"]*\"|[0-9]+|<[^>]*>", "_", in_short(value))[:120]

"""What a check is: a name, how much it had to look at, and what spoke against it."""

import dataclasses


@dataclasses.dataclass
class Violation:
    what: str
    audit_id: str

    def sentence(self):
        return f"{self.what} [audit {self.audit_id}]" if self.audit_id else self.what


class Check:
    def __init__(self, key, says):
        self.key = key
        self.says = says
        self.looked_at = 0
        self.violations = []
        self.notes = []  # what is excepted, by the book, and worth a word

    @property
    def name(self):
        return f"{self.key} {self.says} ({self.looked_at} looked at)"

    def sentences(self):
        return [violation.sentence() for violation in self.violations]

    def against(self, what, entry=None):
        self.violations.append(Violation(what, entry.audit_id if entry is not None else ""))

"""What differs between two servers though they do the same: uids, versions, times, names made by chance.

Each gets a symbol by the order in which it appears, so that two answers are equal where they relate
in the same way to those before them.
"""

import re

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Scripts only write times before 2020: later ones are the server's.
TIME = re.compile(r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
AGE = re.compile(r"^(<invalid>|(\d+[ydhms])+)$")
# Versions in sentences; others of their numbers (lengths, limits) must not be taken for versions.
# The second form is an object within a message.
VERSION_TEXT = re.compile(
    r"((?:[Rr]esource ?[Vv]ersion[^0-9\"]{0,40}|resourceVersion\\?\"?: ?\\?\"|in record |current: )\(?)(\d+)"
)
TOO_OLD = re.compile(r"too old resource version: \d+ \(\d+\)")
# What admission calls the volume of a ServiceAccount's token.
TOKEN_VOLUME = re.compile(r"kube-api-access-[a-z0-9]{5}")
NOT_TYPED = re.compile(r"(failed to create typed patch object \([^)]*\)): (?:errors:\n)?(.*)", re.S)
UNDECLARED = ": field not declared in schema"
AGE_COLUMNS = {"Age", "Last Seen", "First Seen"}


class Symbols:
    """Of one session with one server."""

    def __init__(self, namespace):
        self.names = {namespace: "$NS"}  # text to symbol
        self.uids = {}
        self.versions = {}  # number to symbol, by order of appearance
        self.unordered = set()  # versions of objects that are being deleted

    def of_uid(self, text):
        return self.uids.setdefault(text, f"<uid {len(self.uids) + 1}>")

    def of_version(self, text):
        return self.versions.setdefault(text, f"<version {len(self.versions) + 1}>")

    def ranks(self):
        """The place of each version, in order of appearance, among all of them by size. The garbage collector ends
        objects in an order of its own: their last versions have no place."""
        numbers = [int(text) for text in self.versions if text.isdigit() and text not in self.unordered]
        order = {number: place for place, number in enumerate(sorted(numbers))}
        return [order[number] for number in numbers]

    def in_names(self, text):
        for name, symbol in self.names.items():
            text = text.replace(name, symbol)
        return text

    def in_text(self, text):
        """A sentence, or any value that is a text."""
        if len(text) < 8:
            return text
        text = UUID.sub(lambda match: self.of_uid(match.group()), text)
        text = TOO_OLD.sub("too old resource version: <version> (<version>)", text)
        text = TOKEN_VOLUME.sub("kube-api-access-<chance>", text)
        text = TIME.sub(lambda match: "<microtime>" if match.group(1) else "<time>", text)
        return VERSION_TEXT.sub(
            lambda match: match.group(1) + self.versions.get(match.group(2), "<some version>"), text
        )

    def in_value(self, value):
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_value(item) for item in value]
        if isinstance(value, dict):
            return {self.in_text(key): self._field(key, value[key]) for key in sorted(value)}
        return value

    def _field(self, key, value):
        if key == "metadata" and isinstance(value, dict):
            return self._metadata(value)
        return self.in_value(value)

    def _metadata(self, metadata):
        """Of an object; a list's has no uid."""
        out = {self.in_text(key): self.in_value(metadata[key]) for key in sorted(metadata)}
        if "resourceVersion" in metadata:
            one = "uid" in metadata or "name" in metadata
            if "deletionTimestamp" in metadata:
                self.unordered.add(metadata["resourceVersion"])
            out["resourceVersion"] = self.of_version(metadata["resourceVersion"]) if one else "<version of the list>"
        if "continue" in metadata:
            out["continue"] = "<continue>"
        if isinstance(out.get("managedFields"), list):
            out["managedFields"].sort(key=self._manager_key)
        return out

    @staticmethod
    def _manager_key(entry):
        """The server sorts by time: two writes may be in the same second or not."""
        if not isinstance(entry, dict):
            return ("", "", "", "")
        return tuple(str(entry.get(key, "")) for key in ("operation", "manager", "apiVersion", "subresource"))


def typed_errors(message):
    """Why an applied object can't be one of its kind. The server looks through a map in an order of chance, and stops
    at a field that is not declared: what else is wrong in that map is told or not."""
    match = NOT_TYPED.fullmatch(message)
    if not match:
        return message
    lines = [line.strip() for line in match.group(2).split("\n")]
    maps = [line.removesuffix(UNDECLARED).rpartition(".")[0] for line in lines if line.endswith(UNDECLARED)]
    outermost = {one for one in maps if not any(one.startswith((other + ".", other + "[")) for other in maps)}
    told = [line for line in lines if not any(line.startswith((one + ".", one + "[")) for one in outermost)]
    told += [f"{one}: has a field that is not declared" for one in outermost]
    return "\n".join([match.group(1), *sorted(told)])


def causes_in_order(status):
    """A Status whose causes the server gives in an order of chance: several faults of one custom object,
    and conflicts with several managers, which come in the order of their times."""
    if isinstance(status.get("message"), str):
        status["message"] = typed_errors(status["message"])
    details = status.get("details") or {}
    causes = details.get("causes") or []
    by_chance = details.get("group") == "ork.dev" or any(
        cause.get("reason") == "FieldManagerConflict" for cause in causes
    )
    if len(causes) < 2 or not by_chance:
        return status
    for cause in causes:
        status["message"] = status["message"].replace(f"{cause.get('field')}: {cause.get('message')}", "<cause>")
    status["message"] = "\n".join(sorted(status["message"].split("\n")))
    causes.sort(key=lambda cause: (cause.get("field", ""), cause.get("message", "")))
    return status


def table_without_ages(table, columns=None):
    """Makes the ages of a Table one word: both servers counted at other moments."""
    columns = [column.get("name") for column in columns or table.get("columnDefinitions") or []]
    ages = [index for index, name in enumerate(columns) if name in AGE_COLUMNS]
    for row in table.get("rows") or []:
        cells = row.get("cells") or []
        for index in ages:
            if index < len(cells) and isinstance(cells[index], str) and AGE.match(cells[index]):
                cells[index] = "<age>"
    return table

"""How a case went, and the line that tells it; for every suite of cases."""

import dataclasses
import time
import traceback


@dataclasses.dataclass(frozen=True)
class Outcome:
    name: str
    error: str  # empty: it went well
    seconds: float

    @property
    def ok(self):
        return not self.error

    def __str__(self):
        took = f"({self.seconds:.1f} s)"
        return f"ok    {self.name} {took}" if self.ok else f"FAIL  {self.name} {took}\n{self.error}"


def tried(name, run):
    """Whatever `run` raises is how it went: a broken case must not end its suite."""
    began, error = time.monotonic(), ""
    try:
        run()
    except AssertionError as problem:  # KubectlError and Timeout are such, too
        error = f"{problem}\n{traceback.format_exc(limit=-2)}"
    except Exception:  # pylint: disable=broad-except
        error = traceback.format_exc()
    return Outcome(name, error, time.monotonic() - began)

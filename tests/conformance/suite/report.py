"""What is said while the suite runs and at its end."""

import threading

from suite.steps import shown


# Two servers and two cores: a case may meet an expiring time limit once. What shows again, or more than these, fails.
MAX_DOUBTS = 2


class Report:
    def __init__(self, titles, verbose):
        self.titles = titles
        self.verbose = verbose
        self.lock = threading.Lock()
        self.passed, self.failed, self.doubts = 0, 0, 0
        self.groups = {}  # signature to [names of cases]
        self.requests = 0
        self.seeds = []  # of the random scripts, in the order in which they began

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def ok(self, name, detail=""):
        with self.lock:
            self.passed += 1
        if self.verbose:
            self.say(f"ok    {name}{detail}")

    def fail(self, name, text):
        with self.lock:
            self.failed += 1
        self.say(f"FAIL  {name}\n{text}\n")

    def doubt(self, name, text):
        """One that disagreed, was run again, and then agreed."""
        with self.lock:
            self.doubts += 1
            if self.doubts > MAX_DOUBTS:
                self.failed += 1
        self.say(f"ONCE  {name}: it did not show again\n{text}\n")

    def fails(self, name, disagreements):
        """Counts a case with disagreements; gives those of a cause not seen before, which are to be shown in full."""
        fresh = []
        with self.lock:
            self.failed += 1
            for disagreement in disagreements:
                signature = disagreement.signature()
                if signature not in self.groups:
                    self.groups[signature] = []
                    fresh.append(disagreement)
                self.groups[signature].append(name)
        if not fresh:
            self.say(f"FAIL  {name}: nothing that was not seen above")
        return fresh

    def show_script(self, name, disagreement, steps, note=""):
        script = "\n".join("    " + shown(step) for step in steps)
        self.say(
            f"FAIL  {name}: {disagreement.what} ({disagreement.kind}){note}\n{disagreement.text(self.titles)}\n"
            f"  the script:\n{script}\n"
        )

    def summary(self, seconds):
        if self.groups:
            print(f"\n{len(self.groups)} kinds of disagreement:")
            for signature, names in sorted(self.groups.items(), key=lambda item: -len(item[1])):
                verb, kind, where, left, right = signature
                print(f"  {len(names):4}  {verb} {kind}: {where}: {left[:90]} | {right[:90]}   ({names[0]})")
        if self.seeds:
            print(
                f"{self.requests} random requests to each, {seconds:.0f} s; seeds {self.seeds[0]} to {self.seeds[-1]}, "
                "one of them again: --only random --scripts 1 --seed N"
            )
        if self.doubts:
            print(f"{self.doubts} disagreed once and not again (at most {MAX_DOUBTS} may)")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)

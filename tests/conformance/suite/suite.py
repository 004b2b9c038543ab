"""The whole run: which servers, which cases, and what comes out."""

import concurrent.futures
import importlib
import json
import os
import pathlib
import re
import signal
import threading
import time
import traceback

from suite import deliberate, setup
from suite.case import CASES, Runner
from suite.namespaces import Namespaces
from suite.ork import Ork
from suite.report import Report
from suite.scripts import Pair
from suite.server import Server
from suite.shrink import shrunk

MAX_SHRUNK = 100
UNSHORTENED_STEPS = 3


class Suite:
    def __init__(self, args, pair, report):
        self.args = args
        self.pair = pair
        self.report = report
        self.shrinks = 0
        self.stop = threading.Event()  # set: what runs is finished, and nothing more begins

    def script(self, seed):
        name = f"random script {seed}"
        try:
            result = self.generated(seed)
            if result.disagreements:
                first, result = result, self.generated(seed)
                if not result.disagreements:
                    what = first.disagreements[0]
                    self.report.doubt(name, f" {what.what} ({what.kind})\n{what.text(self.report.titles)}")
            self.judge(name, result)
        except Exception:  # pylint: disable=broad-except  # one broken script must not end the suite
            self.report.fail(name, traceback.format_exc())

    def generated(self, seed):
        result = self.pair.generated(seed, self.args.length, self.args.kinds)
        self.report.requests += result.requests
        return result

    def judge(self, name, result):
        if not result.disagreements:
            self.report.ok(name, f" ({result.requests} requests)")
            return
        for disagreement in self.report.fails(name, result.disagreements):
            steps = result.steps[: disagreement.place + 1][-UNSHORTENED_STEPS:]
            note = f" (not shortened: its last {UNSHORTENED_STEPS} steps)"
            if not self.args.no_shrink and not self.stop.is_set() and self.shrinks < MAX_SHRUNK:
                self.shrinks += 1
                shorter = shrunk(self.pair, result, disagreement)
                if shorter is None:
                    note = " (it did not show again: a matter of time?)"
                else:
                    steps, disagreement = shorter
                    note = ""
            self.report.show_script(name, disagreement, steps, note)

    def random(self):
        """Scripts until there were as many requests as asked for."""
        seed = self.args.seed
        with concurrent.futures.ThreadPoolExecutor(self.args.workers) as pool:
            running = set()
            while True:
                if self.args.scripts is not None:
                    enough = seed - self.args.seed >= self.args.scripts
                else:
                    enough = self.report.requests >= self.args.requests
                enough = enough or self.stop.is_set()
                while not enough and len(running) < self.args.workers:
                    running.add(pool.submit(self.script, seed))
                    self.report.seeds.append(seed)
                    seed += 1
                    enough = self.args.scripts is not None and seed - self.args.seed >= self.args.scripts
                if not running:
                    return
                done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
                if seed % 25 == 0 and done:
                    self.report.say(f"      {seed - self.args.seed} scripts, {self.report.requests} requests")

    def cases(self, chosen, kubectl):
        runner = Runner(self.pair, kubectl)

        def run(one):
            if self.stop.is_set():
                return
            try:
                found = runner.disagreements(one)
                if found:
                    first, found = found, runner.disagreements(one)
                    if not found:
                        self.report.doubt(one.name, f" {first[0].what}\n{first[0].text(self.report.titles)}")
            except Exception:  # pylint: disable=broad-except  # one broken case must not end the suite
                self.report.fail(one.name, traceback.format_exc())
                return
            if found:
                self.report.fail(
                    one.name, "\n".join(f" {each.what}\n{each.text(self.report.titles)}" for each in found)
                )
            else:
                self.report.ok(one.name)

        with concurrent.futures.ThreadPoolExecutor(max(1, self.args.workers // 2)) as pool:
            for future in [pool.submit(run, one) for one in chosen]:
                future.result()

    def check_docs(self, page):
        name = "docs: every difference on purpose is told to users"
        missing = deliberate.missing_in(page.read_text(encoding="utf-8") if page.is_file() else "")
        if missing:
            self.report.fail(name, f"{page} does not name: " + "; ".join(missing))
        else:
            self.report.ok(name)

    def replay(self, path):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        steps = [json.loads(line) for line in lines if line.startswith("{")]
        result = self.pair.replayed(steps)
        self.report.requests += result.requests
        if not result.disagreements:
            self.report.ok(str(path))
        for disagreement in result.disagreements:
            self.report.fails(str(path), [disagreement])
            self.report.show_script(str(path), disagreement, steps[: disagreement.place + 1])


def servers(args, root):
    """(real, other, the process of the other or None)."""
    real = Server("real", setup.find_kubeconfig(args.real, root))
    if args.against_itself:
        return real, Server("again", real.kubeconfig), None
    if args.embedded:
        return real, Server("embedded", args.embedded), None
    ork = Ork(args.ork or os.environ.get("ORK_BINARY") or root / "build" / "ork")
    try:
        return real, ork.server(), ork
    except BaseException:
        ork.stop()
        raise


def chosen_cases(pattern):
    for path in sorted((pathlib.Path(__file__).resolve().parents[1] / "cases").glob("*.py")):
        importlib.import_module(f"cases.{path.stem}")
    return [one for one in CASES.values() if re.search(pattern, one.name)]


def main(args, root):
    cases = chosen_cases(args.only)
    if args.list:
        print("\n".join(one.name for one in cases))
        return 0
    if args.differences:
        print(deliberate.as_markdown())
        return 0
    started = time.monotonic()
    kubectl = setup.find_kubectl(root)
    real, other, ork = servers(args, root)
    report = Report([real.title, other.title], args.verbose)
    namespaces = Namespaces()
    try:
        setup.install_crds(kubectl, real, root)
        suite = Suite(args, Pair(real, other, namespaces), report)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: suite.stop.set())
        if args.replay:
            suite.replay(args.replay)
        else:
            if not args.against_itself and not args.only:
                suite.check_docs(root / "docs" / "ork-dev.md")
            suite.cases(cases, kubectl)
            if re.search(args.only, "random"):
                suite.random()
        if ork and ork.died():
            report.fail("the server never ends by itself", ork.died())
        elif stuck := namespaces.wait_until_gone(other):
            report.fail("every namespace can be deleted", "\n".join(stuck))
    finally:
        if ork:
            report.say(f"the embedded server: {ork.memory_kib() // 1024} MiB")
            ork.stop()
    report.summary(time.monotonic() - started)
    return 1 if report.failed else 0

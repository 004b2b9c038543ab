"""What one process takes, over time: read from /proc and from its own /metrics, and whether it grows."""

import dataclasses
import os
import pathlib
import re
import statistics
import threading
import time
import urllib.error
import urllib.request

BARS = "▁▂▃▄▅▆▇█"
# A figure that is larger at the end than at the beginning by more than this part of it, and by more than its noise, grows.
GROWTH = 0.03
NOISE = 3.0  # standard deviations about the line
SAMPLE = re.compile(r"^(?P<name>[a-z_]+)(?:\{(?P<labels>[^}]*)\})? (?P<value>[0-9.e+-]+)", re.MULTILINE)


def metrics_of(address):
    """[(name, labels as text, value)]; empty where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    except (urllib.error.URLError, OSError):
        return []
    return [(found["name"], found["labels"] or "", float(found["value"])) for found in SAMPLE.finditer(text)]


def total(metrics, name, holds=""):
    return sum(value for found, labels, value in metrics if found == name and holds in labels)


def kibibytes(field, status):
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1))


@dataclasses.dataclass
class Trend:
    """A straight line through the values, by least squares."""

    name: str
    unit: str
    values: list

    @property
    def growth(self):
        """From the first to the last, on the line."""
        n = len(self.values)
        middle, mean = (n - 1) / 2, statistics.fmean(self.values)
        over = sum((at - middle) ** 2 for at in range(n))
        return sum((at - middle) * (value - mean) for at, value in enumerate(self.values)) / over * (n - 1)

    @property
    def noise(self):
        mean, growth, n = statistics.fmean(self.values), self.growth, len(self.values)
        line = [mean + growth * (at / (n - 1) - 0.5) for at in range(n)]
        return statistics.pstdev([value - expected for value, expected in zip(self.values, line)])

    def grows(self):
        mean = statistics.fmean(self.values)
        return self.growth > max(GROWTH * mean, NOISE * self.noise, 1e-9)

    def plot(self, width=60):
        low, high = min(self.values), max(self.values)
        step = max(1, len(self.values) // width)
        means = [statistics.fmean(self.values[at:at + step]) for at in range(0, len(self.values), step)]
        span = (high - low) or 1
        return "".join(BARS[min(7, int((mean - low) / span * 8))] for mean in means)

    def told(self):
        return (f"{self.name:34} {min(self.values):9.2f} to {max(self.values):9.2f} {self.unit:8} growth {self.growth:+8.2f}, "
                f"noise {self.noise:6.2f}  {self.plot()}")


class Figures(threading.Thread):
    """Samples one process until it is told to stop."""

    def __init__(self, pid, address, seconds):
        super().__init__(daemon=True)
        self.proc, self.address, self.seconds = pathlib.Path(f"/proc/{pid}"), address, seconds
        self.samples = []  # dicts, in order
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.wait(self.seconds):
            try:
                self.samples.append(self.sample())
            except OSError:  # it has ended
                return

    def sample(self):
        status = (self.proc / "status").read_text()
        metrics = metrics_of(self.address)
        return {"at": time.monotonic(),
                "memory": kibibytes("VmRSS", status) / 1024,
                # Without the pages of the binary, which come in as its parts are first used.
                "own_memory": kibibytes("RssAnon", status) / 1024,
                "threads": int(re.search(r"Threads:\s+(\d+)", status).group(1)),
                "descriptors": len(os.listdir(self.proc / "fd")),
                "kept": total(metrics, "ork_workflow_runs_kept"),
                "waiting": total(metrics, "ork_workqueue_depth"),
                "requests": total(metrics, "ork_kube_request_duration_seconds_count"),
                "tasks": total(metrics, "ork_task_runs_total"),
                "cpu": total(metrics, "process_cpu_seconds_total")}

    def stop(self):
        self.stopping.set()
        self.join()

    def trends(self, warm_up):
        """After so many seconds, in which caches fill."""
        first = self.samples[0]["at"] + warm_up
        samples = [sample for sample in self.samples if sample["at"] >= first]
        out = [Trend(name, unit, [sample[key] for sample in samples])
               for key, name, unit in (("own_memory", "memory of its own", "MiB"), ("descriptors", "open descriptors", ""),
                                       ("threads", "threads", ""), ("waiting", "objects that wait their turn", ""))]
        for key, name, unit in (("requests", "requests of the API for a task", ""), ("cpu", "processor for a task", "ms")):
            out.append(Trend(name, unit, per_task(samples, key, 1000 if unit == "ms" else 1)))
        return [trend for trend in out if len(trend.values) > 2]


def per_task(samples, key, factor, spans=40):
    """Of as many spans of time as there are tasks for."""
    step = max(1, len(samples) // spans)
    pairs = [(samples[at], samples[min(at + step, len(samples) - 1)]) for at in range(0, len(samples) - 1, step)]
    return [factor * (b[key] - a[key]) / (b["tasks"] - a["tasks"]) for a, b in pairs if b["tasks"] > a["tasks"]]

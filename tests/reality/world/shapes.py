"""Small runs of fake Pods, and how each must end."""

import dataclasses

FAKE = {"nodeSelector": {"kwok.x-k8s.io/node": "fake"},
        "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
        "containers": [{"name": "main", "image": "none"}]}


def task(name, *after, delay="", code=0, fails_attempt=None, fails_index=None, output="", **spec):
    """delay: how long its Pods run; code: how they end, everywhere or in one attempt, at one index."""
    notes = {"fake-delay": delay, "fake-exit-code": str(code) if code else "", "fake-output": output,
             "fake-fails-attempt": fails_attempt, "fake-fails-index": fails_index}
    notes = {f"ork.dev/{key}": str(value) for key, value in notes.items() if value not in ("", None)}
    out = {"name": name, "podTemplate": {"metadata": {"annotations": notes}, "spec": FAKE}, **spec}
    return {**out, "dependsOn": list(after)} if after else out


def retry(limit, initial="0s"):
    return {"limit": limit, "backoff": {"initial": initial}}


@dataclasses.dataclass(frozen=True)
class Shape:
    name: str
    tasks: list
    phase: str
    ends: dict  # task -> (phase, attempts, Pods of all attempts)

    def run(self, name, **spec):
        return {"apiVersion": "ork.dev/v1alpha1", "kind": "WorkflowRun",
                "metadata": {"name": name, "labels": {"shape": self.name}},
                "spec": {"workflow": {"tasks": self.tasks}, **spec}}

    def workflow(self):
        return {"apiVersion": "ork.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": self.name},
                "spec": {"tasks": self.tasks}}


def good(**pods):
    return {name: ("Succeeded", 1, count) for name, count in pods.items()}


SHAPES = {shape.name: shape for shape in [
    Shape("one", [task("a", delay="200ms")], "Succeeded", good(a=1)),
    Shape("chain", [task("a"), task("b", "a", delay="300ms"), task("c", "b"), task("d", "c", delay="100ms")],
          "Succeeded", good(a=1, b=1, c=1, d=1)),
    Shape("diamond", [task("a", delay="100ms", output='{"n": 1}'), task("b", inputs={"n": "tasks.a.output.n"}),
                      task("c", "a", delay="400ms"), task("d", "b", "c")],
          "Succeeded", good(a=1, b=1, c=1, d=1)),
    Shape("fan-out", [task("a"), task("b", "a", delay="300ms", count=5), task("c", "b")],
          "Succeeded", good(a=1, b=5, c=1)),
    Shape("retry", [task("a", delay="100ms", code=3, fails_attempt=1, retry=retry(2)), task("b", "a")],
          "Succeeded", {"a": ("Succeeded", 2, 2), **good(b=1)}),
    Shape("exhausted", [task("a", code=3, retry=retry(2, "1s")), task("b", "a")],
          "Failed", {"a": ("Failed", 3, 3), "b": ("UpstreamFailed", 0, 0)}),
    # The second attempt is a Job that starts with two indexes done: suspended, seeded, resumed.
    Shape("partial", [task("a", delay="100ms", code=3, fails_attempt=1, fails_index=1, count=3, retry=retry(1)),
                      task("b", "a")],
          "Succeeded", {"a": ("Succeeded", 2, 4), **good(b=1)}),
    Shape("broken", [task("a", code=3)], "Failed", {"a": ("Failed", 1, 1)}),
    Shape("slow", [task("a", delay="2500ms"), task("b", "a", delay="1s")], "Succeeded", good(a=1, b=1)),
]}

"""What the OTLP receiver got."""

import collections

from suite import runs
from world import case

GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def by_name(spans):
    return {span["name"]: span for span in spans}


@case("traces: a run is a trace, its tasks are spans in it, and each container is told its own")
def one_run(world):
    run = world.context.kubectl.get("workflowruns", "etl-0")
    spans = by_name(world.spans_of("etl-0", 3))
    assert set(spans) == {"RUN etl", "TASK list", "TASK load"}, set(spans)
    root = spans["RUN etl"]
    assert not root.get("parentSpanId") and root["kind"] == 2, root
    assert root["attributes"]["cicd.pipeline.result"] == "success"
    assert root["attributes"]["cicd.pipeline.run.id"] == run["metadata"]["uid"]
    assert {"key": "service.name", "value": {"stringValue": "ork"}} in root["resource"]["attributes"]
    for task in ("list", "load"):
        span = spans[f"TASK {task}"]
        assert (span["traceId"], span["parentSpanId"]) == (root["traceId"], root["spanId"]), span
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
        told = runs.task(run, task)["output"]
        assert told == f"00-{span['traceId']}-{span['spanId']}-01", f"the container of {task} was told {told}"


@case("traces: a run that a task starts is in the trace of that task")
def child(world):
    spans = by_name(world.spans_of("parent-0", 2))
    called = [span for span in world.spans() if span.get("parentSpanId") == spans["TASK call"]["spanId"]]
    assert [span["name"] for span in called] == ["RUN etl"], called
    assert {span["traceId"] for span in called} == {spans["RUN parent"]["traceId"]}


@case("traces: each attempt is a span, and one that failed says why")
def attempts(world):
    spans = [span for span in world.spans_of("flaky-0", 3) if span["name"] == "TASK try"]
    assert [span["status"].get("code") for span in sorted(spans, key=lambda span: span["attributes"]["ork.attempt"])] == [2, 1], spans
    failed = next(span for span in spans if span["status"]["code"] == 2)
    assert failed["attributes"]["process.exit.code"] == "1" and failed["status"]["message"], failed


@case("traces: a run that was started in a trace goes on with it")
def given(world):
    created = runs.run("given", workflowRef={"name": "etl"})
    created["metadata"]["annotations"] = {"ork.dev/traceparent": GIVEN}
    world.context.create(created)
    world.context.finished("given")
    spans = by_name(world.spans_of("given", 3))
    assert {span["traceId"] for span in spans.values()} == {GIVEN.split("-")[1]}
    assert spans["RUN etl"]["parentSpanId"] == GIVEN.split("-")[2]


@case("traces: an operator that is killed and started again goes on with the trace, and sends no span twice")
def killed(world):
    world.context.start("killed", [{"name": "first", "script": "sleep 1"},
                                   {"name": "second", "script": "sleep 4", "dependsOn": ["first"]},
                                   {"name": "third", "script": "true", "dependsOn": ["second"]}])
    world.context.task_until("killed", "second", "Running")
    world.spans_of("killed", 1)
    world.operator.kill9()
    world.operator.start()
    world.context.finished("killed")
    spans = world.spans_of("killed", 4)
    assert len({span["traceId"] for span in spans}) == 1
    twice = [name for name, count in collections.Counter(span["spanId"] for span in world.spans()).items() if count > 1]
    assert not twice, f"sent more than once: {twice}"

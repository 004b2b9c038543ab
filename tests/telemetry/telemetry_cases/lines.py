"""Health, and the log."""

from world import case


@case("health: /healthz and /readyz answer, and what is not there is told")
def health(world):
    assert world.ask("/healthz")[::2] == (200, "ok\n")
    assert world.ask("/readyz")[::2] == (200, "works on 64 of 64 shares\n")
    assert world.ask("/else")[0] == 404


@case("logs: lines about a run name it and its trace, those about a task the task")
def lines(world):
    key = f"{world.context.namespace}/broken-0"
    of_run = [line for line in world.lines() if line.get("run") == key]
    assert of_run, f"no line names {key}"
    traces = {line.get("traceId") for line in of_run}
    assert traces == {world.spans_of("broken-0", 2)[0]["traceId"]}, traces
    assert any(line["message"] == "a run has ended" and line["result"] == "failure" for line in of_run), of_run
    assert any(line.get("task") == "fail" and line["result"] == "failure" for line in of_run), of_run
    assert all("time" in line and "level" in line for line in world.lines())

"""The text of /metrics."""

import re

from world import case

# Of what every process shows, and of what only some clusters or some errors bring.
SAMPLE = re.compile(r"^([a-z_]+)(?:\{[^}]*\})? ", re.M)
FAMILY = re.compile(r"^# TYPE (\S+) (\S+)$", re.M)
ROW = re.compile(r"^\| `([a-z_]+)` ", re.M)


def families(text):
    return dict(FAMILY.findall(text))


@case("figures: promtool finds nothing wrong with the metrics")
def clean(world):
    kind, text = world.metrics()
    assert kind.startswith("text/plain; version=0.0.4"), kind
    said = world.promtool("check", "metrics", stdin=text)
    assert not said.strip(), said


@case("figures: who asks for OpenMetrics gets it, to its end, with units and exemplars")
def open_metrics(world):
    kind, text = world.metrics("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")
    assert kind.startswith("application/openmetrics-text; version=1.0.0"), kind
    assert text.endswith("\n# EOF\n") and text.count("# EOF") == 1
    assert "# UNIT ork_workflow_run_duration_seconds seconds" in text
    assert re.search(r'^ork_workflow_run_duration_seconds_bucket\{.*\} \d+ # \{trace_id="[0-9a-f]{32}"\} [0-9.]+ [0-9.]+$', text, re.M), \
        "no bucket shows an example"


@case("figures: every metric stands in docs/telemetry.md, and every one of its table is shown")
def documented(world):
    shown = {name for name in families(world.metrics()[1]) if not name.startswith("process_")}
    told = set(ROW.findall((world.root / "docs" / "telemetry.md").read_text().split("## Metrics", 1)[1].split("\n##", 1)[0]))
    assert shown == told, f"not in the table: {sorted(shown - told)}; only there: {sorted(told - shown)}"


@case("figures: a batch of runs is counted as it went")
def counted(world):
    of_batch = f'namespace="{world.context.namespace}"'
    text = world.metrics()[1]

    def value(sample):
        found = re.search(rf"^{re.escape(sample)} (\S+)$", text, re.M)
        assert found, f"{sample} is not shown"
        return float(found.group(1))

    wanted = {("etl", "success"): 5, ("flaky", "success"): 1, ("broken", "failure"): 3, ("parent", "success"): 1}
    for (workflow, result), count in wanted.items():
        got = value(f'ork_workflow_runs_total{{{of_batch},workflow="{workflow}",result="{result}"}}')
        assert got == count, f"{got} runs of {workflow} ended with {result}, and {count} did"
    assert value(f'ork_task_retries_total{{{of_batch},workflow="flaky",cause="program"}}') == 1
    assert value(f'ork_task_runs_total{{{of_batch},workflow="broken",result="skip"}}') == 3
    assert value("ork_share_buckets") == 64


@case("figures: labels hold no run, no uid and no task")
def bounded(world):
    text = world.metrics()[1]
    for name in ("etl-0", 'task="', "uid"):
        assert name not in text, f"{name} is in the metrics"
    series = len(SAMPLE.findall(text))
    print(f"      {series} series, {len(text)} bytes")

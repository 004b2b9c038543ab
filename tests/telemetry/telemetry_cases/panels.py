"""The dashboards and the alert rules, asked of a real Prometheus."""

import json
import re

import yaml
from dashboards import DASHBOARDS
from world import case

# The schedule comes once a minute, and its lag is told by two of its runs.
SCHEDULE_PATIENCE = 300
VARIABLES = {"$__rate_interval": "5m", "$__range": "10m", "$namespace": ".*", "$workflow": ".*", "$instance": ".*"}


def as_asked(query):
    """With Grafana's variables filled in, as Grafana does."""
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    assert "$" not in query.replace("${", ""), f"a variable that nobody fills in: {query}"
    return query


def stored(world):
    """The dashboards as the chart brings them."""
    return [json.loads(path.read_text()) for path in sorted((world.root / "charts" / "ork" / "files" / "dashboards").glob("*.json"))]


def has_data(world, query):
    return any(value not in ("NaN", "+Inf") for value in (one["value"][1] for one in world.prometheus("query", query=query)["result"]))


@case("panels: Prometheus scrapes the operator, and finds nothing wrong")
def scraped(world):
    target = world.until(lambda: [one for one in world.prometheus("targets")["activeTargets"] if one["health"] == "up"],
                         "Prometheus to have scraped the operator")[0]
    assert not target["lastError"], target["lastError"]


@case("panels: the query of each panel of both dashboards returns data")
def panels(world):
    # Again: a rate is of two figures at least, and what was there from the first has only one.
    world.run_batch("-again")
    queries = [(f"{dashboard['title']}: {panel['title']}", as_asked(target["expr"]))
               for dashboard in stored(world) for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(queries) > 30, len(queries)
    missing = dict.fromkeys(queries)

    def all_have():
        for one in [one for one in missing if has_data(world, one[1])]:
            del missing[one]
        return not missing

    try:
        world.until(all_have, "every panel to have data", SCHEDULE_PATIENCE)
    except AssertionError as error:
        raise AssertionError("these have none:\n" + "\n".join(f"{title}: {query}" for title, query in missing)) from error
    print(f"      {len(queries)} queries of {len(stored(world))} dashboards")


@case("panels: dashboards name no data source of their own, and their variables find values")
def variables(world):
    for dashboard in stored(world):
        assert dashboard in DASHBOARDS.values(), f"{dashboard['title']} is out of step: run charts/generate.py"
        for panel in dashboard["panels"]:
            assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
            assert panel["description"], f"{panel['title']} does not say what it tells"
        for variable in dashboard["templating"]["list"][1:]:
            asked = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"])
            assert world.prometheus(f"label/{asked.group(2)}/values", **{"match[]": as_asked(asked.group(1))}), variable["name"]


@case("alerts: promtool takes the rules, and each fires when it should and not else")
def rules(world):
    world.promtool("check", "rules", world.alerts)
    world.promtool("test", "rules", "alerts_test.yaml")


@case("alerts: Prometheus evaluates each rule, and each has a runbook")
def evaluated(world):
    text = (world.root / "docs" / "telemetry.md").read_text()
    wanted = {rule["alert"] for rule in yaml.safe_load(world.alerts.read_text())["groups"][0]["rules"]}
    said = world.until(lambda: [rule for group in world.prometheus("rules")["groups"] for rule in group["rules"]
                                if rule["health"] != "unknown"], "Prometheus to have evaluated the rules")
    assert {rule["name"] for rule in said} == wanted
    for rule in said:
        assert rule["health"] == "ok", f"{rule['name']}: {rule.get('lastError')}"
        assert rule["annotations"]["runbook_url"] == f"docs/telemetry.md#{rule['name'].lower()}"
        assert f"\n### {rule['name']}\n" in text, f"docs/telemetry.md has no section {rule['name']}"


@case("panels: an example of a duration leads to the trace of a run")
def exemplars(world):
    traces = {span["traceId"] for span in world.spans()}
    found = world.until(lambda: [one["labels"]["trace_id"] for series in world.prometheus(
        "query_exemplars", query="ork_workflow_run_duration_seconds_bucket", start="0", end="9999999999") for one in series["exemplars"]],
        "an example")
    assert set(found) <= traces, f"of {found} not all are traces that were sent"

"""A release that may and does look at its own namespace only."""

import pathlib

from suite import runs
from world import PATIENCE, case

VALUES = pathlib.Path(__file__).resolve().parents[1] / "values" / "namespaced.yaml"


@case("namespaced: runs of its own namespace are carried out, no other's is touched, and all rights are Roles")
def namespaced(world):
    world.installed()  # for the CRDs, which a namespace can't have alone
    world.uninstalled()
    team, others = world.namespace("team", "baseline"), world.namespace("others")
    world.install("--values", VALUES, namespace=team)
    context, beside = world.context(team), world.context(others)
    for each in (beside, context):
        each.start("r", [{"name": "a", "forEach": ["x", "y"], "script": "echo $ORK_ITEM"}])
    context.finished("r")
    status = beside.kubectl.get("wfr", "r")["status"]
    assert status == {"observedGeneration": -1}, f"a run of another namespace was touched: {status}"
    for kind in ("clusterroles", "clusterrolebindings", "flowschemas", "prioritylevelconfigurations"):
        found = world.kubectl.run("get", kind, "-l", "app.kubernetes.io/name=ork", "-o", "name").split()
        assert not found, f"there are {found}"
    world.helm("test", "ork", "--namespace", team, f"--timeout={PATIENCE}s")
    context.kubectl.run("create", "rolebinding", "dev", "--role=ork-edit", "--user=dev")
    runs.expect_equal("whether a user may start runs",
                      context.kubectl.run("auth", "can-i", "create", "workflowruns.ork.dev", "--as=dev").strip(), "yes")
    world.helm("uninstall", "ork", "--namespace", team, "--wait", f"--timeout={PATIENCE}s")

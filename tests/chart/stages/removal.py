"""What an uninstall takes away, and what it leaves: never anything stuck."""

import pathlib

from suite.process import wait_for
from world import PATIENCE, case

WAITS = pathlib.Path(__file__).resolve().parents[1] / "values" / "wait-for-config-maps.yaml"
KINDS = "deployments,pods,serviceaccounts,roles,rolebindings,networkpolicies,poddisruptionbudgets,configmaps,secrets"
CLUSTER_KINDS = "clusterroles,clusterrolebindings,flowschemas,prioritylevelconfigurations"


def left_behind(world):
    own = world.at(world.system).run("get", KINDS, "-o", "name").split()
    own = [name for name in own if not name.endswith(("/default", "/kube-root-ca.crt"))]
    return own + world.kubectl.run("get", CLUSTER_KINDS, "-l", "app.kubernetes.io/name=ork", "-o", "name").split()


@case("removal: with runs under way: what runs goes on, runs can be deleted, and a new release finishes the rest")
def uninstall(world):
    world.installed()
    world.works()
    context = world.context(world.namespace("removal"))
    context.start("stays", [{"name": "a", "script": "sleep 3"}, {"name": "b", "dependsOn": ["a"], "script": "echo b"}])
    context.start("goes", [{"name": "a", "script": "trap 'exit 143' TERM; sleep 600 & wait"}])
    goes = context.task_until("goes", "a", "Running")
    stays = context.task_until("stays", "a", "Running")
    world.uninstalled()
    wait_for(lambda: not left_behind(world), "what the release brought to be gone", PATIENCE)
    context.kubectl.run("delete", "wfr", "goes", f"--timeout={PATIENCE}s")
    context.nothing_left_of(goes)
    job = context.owned("jobs", stays)[0]["metadata"]["name"]
    context.kubectl.run("wait", "--for=condition=Complete", f"job/{job}", f"--timeout={PATIENCE}s", timeout=PATIENCE + 10)
    world.install("--values", WAITS)  # its CRDs, which were kept, are its own again
    context.finished("stays", timeout=PATIENCE)
    context.kubectl.run("delete", "namespace", context.namespace, f"--timeout={PATIENCE}s", timeout=PATIENCE + 10)


@case("removal: with crds.keep: false the CRDs go too, and no run holds them up")
def everything(world):
    context = world.context(world.namespace("everything"))
    world.installed()
    world.helm("upgrade", "ork", world.chart, "--namespace", world.system, "--reuse-values", "--set", "crds.keep=false", "--wait",
               f"--timeout={PATIENCE}s")
    context.start("r", [{"name": "a", "script": "trap 'exit 143' TERM; sleep 600 & wait"}])
    run = context.task_until("r", "a", "Running")
    world.uninstalled()
    wait_for(lambda: not world.has_crds(), "the CRDs to be gone", PATIENCE)
    context.nothing_left_of(run)

"""The operator's rights, after all that the suite made it do."""

import json

import rights
from suite import runs
from suite.process import wait_for
from world import case


@case("rights: each right of the chart was used, and none was missing, by the audit log")
def least(world):
    system = world.installed()
    granted = rights.granted(world.kubectl, system)
    used, missing = rights.asked(world.audit_logs(), system)
    unused = [right for right in granted if not used[right] and right not in rights.ASKED_ABOUT]
    print(f"      {len(granted)} rights, {sum(used.values())} requests")
    assert granted and used, "the audit log knows nothing of the operator: hack/cluster up --audit"
    assert not missing, f"the operator asked for what it may not do: {', '.join(map(rights.named, missing))}"
    assert not unused, f"it never used: {', '.join(f'{rights.named(right)} (of {granted[right]})' for right in unused)}"


@case("rights: the one that no request shows is needed where Kubernetes guards who may block a deletion")
def guarded(world):
    world.installed()
    world.works()
    context = world.context(world.namespace("guarded"))
    role = world.kubectl.run("get", "clusterroles", "-l", "app.kubernetes.io/name=ork", "-o", "name").split()[0]
    rules = world.kubectl.json("get", role)["rules"]
    fewer = [rule for rule in rules if rule["resources"] != ["workflowruns/finalizers"]]
    assert len(fewer) == len(rules) - 1, f"{role} does not give it: {rules}"
    asked = 'kubectl auth can-i update workflowruns.ork.dev --subresource=finalizers -A --as="$0" || true'
    may = lambda: world.command("bash", "-c", asked, f"system:serviceaccount:{world.system}:ork").strip()
    try:
        world.kubectl.run("patch", role, "--type=merge", "-p", json.dumps({"rules": fewer}))
        wait_for(lambda: may() == "no", "the right to be taken", every=0.1)
        context.start("r", [{"name": "a", "script": "echo a"}])
        run = context.task_until("r", "a", "Queued", "JobNotCreated")
        said = runs.task(run, "a")["message"]
        assert "cannot set blockOwnerDeletion" in said, said
    finally:
        world.kubectl.run("patch", role, "--type=merge", "-p", json.dumps({"rules": rules}))
    context.finished("r")

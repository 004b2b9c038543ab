"""The operator's rights, after all that the suite made it do."""

import rights
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

"""What a person would look at first when a case has failed."""

import json

from suite.kubectl import KubectlError, Timeout


def of_namespace(kubectl, operator):
    parts = []

    def show(title, *args, shape=None):
        try:
            text = kubectl.run(*args, timeout=30).strip()
        except (KubectlError, Timeout) as error:
            text = str(error)
        if shape:
            text = shape(text)
        parts.append(f"--- {title}\n{text or '(none)'}")

    show("workflows and runs", "get", "workflows,workflowruns", "-o", "wide")
    show("statuses", "get", "workflows,workflowruns", "-o", "json", shape=statuses)
    show("Jobs", "get", "jobs", "-o", "wide")
    show("Pods", "get", "pods", "-o", "wide")
    show("Events", "get", "events", "--sort-by=.lastTimestamp", shape=lambda text: last(text, 40))
    if operator:
        parts.append(f"--- the end of {operator.log}\n{operator.tail(40)}")
    return "\n".join(parts)


def statuses(text):
    try:
        items = json.loads(text)["items"]
    except (json.JSONDecodeError, KeyError):
        return text
    lines = []
    for item in items:
        lines.append(f"{item['kind']} {item['metadata']['name']} (generation {item['metadata']['generation']}):")
        lines.append(last(json.dumps(item.get("status"), indent=1), 120))
    return "\n".join(lines)


def last(text, lines):
    return "\n".join(text.splitlines()[-lines:])

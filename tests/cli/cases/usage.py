"""Wrong usage, and clusters that can't be reached."""

import json

from verbs import case, equal, holds


@case("usage: unknown verbs and flags end with 2 and name what was meant")
def unknown(context):
    holds(context.verb(2, "run", "stauts", "r").err, "there is no verb ork run stauts; did you mean status?")
    holds(context.verb(2, "run", "start", "etl", "--wacth").err, "there is no flag --wacth; did you mean --watch?")
    holds(context.verb(2, "run", "list", "-o", "jsn").err, "must be one of json, yaml, name, wide")
    shown = context.verb(0, "run", "start", "--help")
    holds(shown.out, "Examples:", "Exit codes:")
    equal("stderr", shown.err, "")


@case("usage: a kubeconfig that is not there, a context it does not have, a server that is not there")
def no_cluster(context):
    holds(context.verb(1, "run", "list", KUBECONFIG=str(context.folder / "nope")).err, "error: ", "does not exist")
    holds(context.verb(1, "run", "list", "--context", "nope").err, "contexts has no entry named")
    config = context.file("gone.json", {
        "apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}], "users": [{"name": "u", "user": {"token": "t"}}]})
    holds(context.verb(1, "run", "list", "--kubeconfig", config).err, "error: ")


@case("usage: a token that the server does not know is refused with 4")
def refused(context):
    config = context.kubectl.json("config", "view", "--raw", "--minify", "--flatten")
    config["users"] = [{"name": user["name"], "user": {"token": "not-a-token"}} for user in config["users"]]
    path = context.folder / "stranger.json"
    path.write_text(json.dumps(config))
    for args in (("run", "list"), ("run", "start", "etl"), ("workflow", "delete", "etl")):
        context.verb(4, *args, "--kubeconfig", path)

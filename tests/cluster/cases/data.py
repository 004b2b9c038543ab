"""Params, inputs and outputs: values arrive as they were given, whatever they are."""

import hashlib
import json

from suite import runs
from suite.case import case

HOSTILE = {
    "quotes": "'; rm -rf / #\"`id`$(id)\\",
    "dollars": "$(ORK_RUN) $$(ORK_RUN) ${HOME} $HOME {{ .Values.x }}",
    "lines": "one\ntwo\r\n\tthree\n",
    "unicode": "naïve ☃ \U0001F4A9 \u202Eright-to-left\u202C \u0000nul".replace("\u0000", ""),
    "long": "x" * 60_000,
    "empty": "",
    "yaml": "--- {a: [1, 2]} !!python/object",
    "json": '{"a": "\\u0000"}',
}


def digest(text):
    return hashlib.md5(text.encode()).hexdigest()


@case("data: hostile strings reach a program byte for byte, and nothing expands them")
def hostile(context):
    # printf without a trailing newline; md5sum of what arrived, per value.
    lines = [f'printf %s "$ORK_INPUT_{name.upper()}" | md5sum | cut -c1-32' for name in HOSTILE]
    script = "{ echo '['; first=1; for sum in " + " ".join(f"$({line})" for line in lines) + \
        "; do [ $first = 1 ] || echo ,; first=0; echo \"\\\"$sum\\\"\"; done; echo ']'; } > $ORK_OUTPUT"
    context.start("hostile", [{"name": "a", "script": script, "inputs": {name: f"params.{name}" for name in HOSTILE}}],
                  params=HOSTILE, workflow={"params": [{"name": name} for name in HOSTILE]})
    output = runs.task(context.finished("hostile"), "a")["output"]
    wrong = [name for name, got in zip(HOSTILE, output) if got != digest(HOSTILE[name])]
    assert not wrong, f"changed on the way: {wrong}"


@case("data: hostile items reach an index byte for byte, as a file and as a variable")
def hostile_items(context):
    script = ('echo "[\\"$(printf %s "$ORK_ITEM" | md5sum | cut -c1-32)\\", \\"$(md5sum < "$ORK_ITEM_FILE" | cut -c1-32)\\"]" '
              '> $ORK_OUTPUT')
    context.start("hostile", [{"name": "a", "forEach": list(HOSTILE.values()), "script": script}])
    output = runs.task(context.finished("hostile"), "a")["output"]
    wrong = [name for name, got in zip(HOSTILE, output) if got != [digest(HOSTILE[name])] * 2]
    assert len(output) == len(HOSTILE) and not wrong, f"changed on the way: {wrong}"


@case("data: an input of an index arrives as it is, whatever stands in it, in a script and in a file")
def hostile_inputs_of_an_index(context):
    script = ('echo "[\\"$(printf %s "$ORK_INPUT_TEXT" | md5sum | cut -c1-32)\\", $ORK_INPUT_PLACE]" > $ORK_OUTPUT')
    each = {"forEach": list(HOSTILE.values()), "inputs": {"text": "item", "place": "index"}}
    context.start("hostile", [{"name": "a", **each, "script": script},
                              {"name": "b", **each, "command": ["sh", "-c", "md5sum < $ORK_INPUTS_FILE | cut -c1-32 | "
                                                                "sed 's/.*/\"&\"/' > $ORK_OUTPUT"]}])
    run = context.finished("hostile")
    got = dict(zip(HOSTILE, runs.task(run, "a")["output"]))
    wrong = [name for i, (name, value) in enumerate(HOSTILE.items()) if got[name] != [digest(value), i]]
    assert not wrong, f"changed on the way: {wrong}"
    files = [json.dumps({"place": i, "text": value}, ensure_ascii=False, separators=(",", ":"))
             for i, value in enumerate(HOSTILE.values())]
    runs.expect_equal("the files", runs.task(run, "b")["output"], [digest(text) for text in files])


@case("data: an index that runs again finds its item, and what hands them out goes with the run")
def items_of_a_retry(context):
    script = '[ "$ORK_ITEM" != y ] || [ $ORK_ATTEMPT = 2 ] || exit 1; echo "\\"$ORK_ITEM$ORK_ATTEMPT\\"" > $ORK_OUTPUT'
    context.start("r", [{"name": "a", "forEach": ["x", "y", "z"], "script": script,
                         "retry": {"limit": 1, "backoff": {"initial": "1s"}}}])
    run = context.finished("r")
    runs.expect_equal("the output", runs.task(run, "a")["output"], ["x1", "y2", "z1"])
    runs.expect_equal("the ConfigMaps of the run", len(context.owned("configmaps", run)), 1)
    context.kubectl.run("delete", "wfr", "r")
    context.nothing_left_of(run)


@case("data: a script reaches sh as it is written: what a Pod would expand in it stays")
def verbatim_script(context):
    script = 'pid=$$; cat > $ORK_OUTPUT <<\'END\'\n["$$", "$(ORK_RUN)", "$(ORK_INPUT_X)", "$$(ORK_RUN)", "$"]\nEND\ntest "$pid" = "$$"'
    context.start("r", [{"name": "a", "inputs": {"x": "params.x"}, "script": script}], params={"x": "'; exit 3 #"},
                  workflow={"params": [{"name": "x"}]})
    runs.expect_equal("the output", runs.task(context.finished("r"), "a")["output"],
                      ["$$", "$(ORK_RUN)", "$(ORK_INPUT_X)", "$$(ORK_RUN)", "$"])


@case("data: every JSON type goes through output, status and inputs unchanged")
def types(context):
    value = {"s": "a \"b\" \\ ☃", "i": -3, "big": 9007199254740993, "f": 1.5e300, "t": True, "n": None, "l": [[], {}, [1, [2]]], "e": ""}
    text = json.dumps(value, ensure_ascii=False)
    context.start("types", [
        {"name": "make", "env": [{"name": "VALUE", "value": text}], "script": 'printf %s "$VALUE" > $ORK_OUTPUT'},
        {"name": "pass-on", "inputs": {"all": "tasks.make.output", "n": "tasks.make.output.n", "s": "tasks.make.output.s"},
         "script": 'test "$ORK_INPUT_N" = null && printf \'%s\' "$ORK_INPUT_ALL" > $ORK_OUTPUT'},
    ])
    run = context.finished("types")
    runs.expect_equal("the output in status", runs.task(run, "make")["output"], value)
    runs.expect_equal("the output passed on", runs.task(run, "pass-on")["output"], value)


@case("data: what is no JSON, or too long, fails the task and says so")
def bad_output(context):
    context.start("bad", [
        {"name": "words", "script": "echo three rows > $ORK_OUTPUT"},
        {"name": "long", "script": "head -c 5000 /dev/zero | tr '\\0' '1' > $ORK_OUTPUT"},
        {"name": "null", "script": "echo null > $ORK_OUTPUT"},
        {"name": "nothing", "script": "true"},
    ])
    run = context.finished("bad", "Failed", "TaskFailed")
    for name, words in (("words", "three rows"), ("long", "4096")):
        task = runs.task(run, name)
        runs.expect_equal(f"the reason of {name}", (task["phase"], task["reason"]), ("Failed", "InvalidOutput"))
        assert words in task["message"], task["message"]
    for name in ("null", "nothing"):
        runs.expect_equal(f"the phase of {name}", runs.task(run, name)["phase"], "Succeeded")
    assert "output" not in runs.task(run, "nothing"), runs.task(run, "nothing")


@case("data: an input from an output that has no such field fails the task and names the field")
def missing_field(context):
    context.start("r", [{"name": "make", "script": 'echo \'{"rows": 3}\' > $ORK_OUTPUT'},
                        {"name": "read", "inputs": {"x": "tasks.make.output.row"}, "script": "echo never"}])
    run = context.finished("r", "Failed", "TaskFailed")
    task = runs.task(run, "read")
    runs.expect_equal("its reason", task["reason"], "InputUnavailable")
    assert "row" in task["message"], task["message"]


@case("data: a task knows its run, workflow, name and attempt; an index its number and count")
def environment(context):
    names = '[\\"$ORK_RUN\\",\\"$ORK_WORKFLOW\\",\\"$ORK_TASK\\",$ORK_ATTEMPT,\\"${ORK_INDEX-none}\\"]'
    context.workflow("w", [{"name": "one", "script": f'echo "{names}" > $ORK_OUTPUT'},
                           {"name": "many", "count": 3, "parallelism": 1, "script": 'echo "[$ORK_INDEX,$ORK_COUNT]" > $ORK_OUTPUT'}])
    context.start("r", workflowRef={"name": "w"})
    run = context.finished("r")
    runs.expect_equal("one", runs.task(run, "one")["output"], ["r", "w", "one", 1, "none"])
    runs.expect_equal("many", runs.task(run, "many")["output"], [[0, 3], [1, 3], [2, 3]])


@case("data: outputs of a fan-out are a list in order, with null where an index wrote none")
def fan_out_outputs(context):
    context.start("r", [{"name": "a", "count": 4, "script": '[ $ORK_INDEX = 2 ] || echo "\\"i$ORK_INDEX\\"" > $ORK_OUTPUT'}])
    task = runs.task(context.finished("r"), "a")
    runs.expect_equal("the output", task["output"], ["i0", "i1", None, "i3"])
    runs.expect_equal("the counts", (task["count"], task["succeeded"], task.get("failed", 0), task["succeededIndexes"]),
                      (4, 4, 0, "0-3"))


@case("data: a task's names are the user's: 63 characters, digits first, run and task with dashes")
def names(context):
    longest = "0" + "x" * 61 + "9"
    context.start("a-b", [{"name": "c", "script": "echo c"}, {"name": longest, "script": "echo x", "dependsOn": ["c"]}])
    context.start("a", [{"name": "b-c", "script": "echo bc"}, {"name": longest, "count": 2, "script": "echo x", "dependsOn": ["b-c"]}])
    context.start("y" * 63, [{"name": longest, "count": 2, "script": "echo x"}])
    jobs = [t["job"] for name in ("a-b", "a", "y" * 63) for t in context.finished(name)["status"]["tasks"]]
    runs.expect_equal("names of Jobs, each once", len(set(jobs)), 5)

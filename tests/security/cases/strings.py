"""S5: what a run is given stays data: hostile strings, there and back, to the byte."""

import base64
import json
import random

from security import case, run_of
from suite import runs

COUNT = 10_000
BATCH = 500  # strings that one container is given at once
RUNS = 4
SEPARATOR = "\x1e"  # in none of the strings
WORDS = [
    "'", '"', "`", "\\", "\\\\", "$", "$$", "$$$", "$(", "$((", ")", "$(id)", "$$(id)", "$$$(ORK_RUN)", "$(ORK_RUN)",
    "$(ORK_INPUT_TEXT)",
    "$ORK_RUN", "${ORK_RUN}", "${IFS}", "`id`", "|", "||", "&&", ";", "> /etc/passwd", "< /dev/zero", "\n", "\r\n", "\t", "\x01",
    "\x02",
    "\x07", "\x08", "\x0b", "\x0c", "\x0f", "\x1b[31m", "\x1b]0;title\x07", "\x1f", "\x7f", "\u0080", "\u0085", "\u009b31m",
    "\u00a0",
    "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U0001f600",
    "\U0001f469\u200d\U0001f4bb", "e\u0301\u0323", "\u05d0\u05d1", "\u0627\u0644", "\U0010ffff", "\u00c3(", "\u00e2\u0082",
    "\u00c0\u00af",
    "-", "--", "--help", "-rf", "-n", "-e", "-c", "--config=core.sshCommand=id", "--output=/etc/passwd", "-oProxyCommand=id",
    "{{workflow.name}}", "{{inputs.parameters.x}}", "{{=sprig.env('PATH')}}", "$(params.x)", "$(tasks.a.results.b)",
    "{{ .Release.Name }}",
    "{{- range }}", "{% raw %}", "<%= 7*7 %>", "#{7*7}", "${7*7}", "params.text", "tasks.a.output", "run.name", "size(params)",
    "true", "null",
    "{}", "[]", "0x10", "1e999", "NaN", "~", "!!python/object:os.system", "&a *a", "<<: *a", "---\n", "...\n", "# x", ": ", "? ",
    "%YAML",
    "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "/proc/self/environ", "http://169.254.169.254/", "%00",
    "%2e%2e%2f", "%s%n",
    "\\0", "\\x00", "\\u0000", "\\n", " ", "  ", "a=b", "A=B\nC=D", "EOF\n", "\n.\n", "*", "?", "[a-z]", "~root", "!", "!!", "^",
    "^C",
]


def hostile(count):
    """The same on every day: each word by itself, and what chance makes of some of them."""
    chance = random.Random("ork")
    found = list(WORDS) + ["", "x" * 4000, "$" * 999, "$(" * 400, "\\" * 999, "\u202e" * 300, '"' * 999, "\n" * 500]
    while len(found) < count:
        found.append("".join(chance.choice(WORDS) for _ in range(chance.randint(1, 6))))
    assert not any(SEPARATOR in text or "\0" in text for text in found)
    return found[:count]


def batches(texts, size):
    return [texts[at:at + size] for at in range(0, len(texts), size)]


def first_difference(got, wanted):
    if len(got) != len(wanted):
        return f"{len(got)} strings came back, and not {len(wanted)}"
    return next(f"{g!r} came back for {w!r}" for g, w in zip(got, wanted) if g != w)


def logs_of(context, run, task):
    """What each of its Pods wrote, decoded, by index."""
    pods = context.kubectl.list("pods", "-l", f"ork.dev/run={run},ork.dev/task={task}")
    index = "batch.kubernetes.io/job-completion-index"
    pods.sort(key=lambda pod: int(pod["metadata"].get("annotations", {}).get(index, 0)))
    logs = [context.kubectl.run("logs", pod["metadata"]["name"]) for pod in pods]
    return [[base64.b64decode(part) for part in log.split("--\n")] for log in logs]


@case(f"S5: {COUNT:,} hostile strings reach containers as environment, raw and as JSON, and come back to the byte")
def by_environment(world):
    context = world.context("strings")
    script = "; echo --; ".join(f'printf %s "${name}" | base64' for name in ("ORK_INPUT_TEXT", "ORK_INPUT_LIST", "ORK_INPUTS"))
    per_run = COUNT // BATCH // RUNS
    tasks = [{"name": f"t{at}", "inputs": {"text": f"params.texts[{at}]", "list": f"params.lists[{at}]"}, "script": script}
             for at in range(per_run)]
    params = [{"name": "texts", "type": "array"}, {"name": "lists", "type": "array"}]
    context.workflow("by-environment", tasks, params=params)
    parts = batches(batches(hostile(COUNT), BATCH), per_run)
    for number, lists in enumerate(parts):
        texts = [SEPARATOR.join(texts) for texts in lists]
        context.create(run_of("by-environment", f"environment-{number}", params={"texts": texts, "lists": lists}))
    seen = 0
    for number, lists in enumerate(parts):
        name = f"environment-{number}"
        context.finished(name)
        for at, wanted in enumerate(lists):
            (text, listed, inputs), = logs_of(context, name, f"t{at}")
            got = text.decode().split(SEPARATOR)
            assert got == wanted, f"as text: {first_difference(got, wanted)}"
            assert json.loads(listed) == wanted, f"as a list: {first_difference(json.loads(listed), wanted)}"
            assert json.loads(inputs) == {"text": SEPARATOR.join(wanted), "list": wanted}, "ORK_INPUTS is another"
            seen += len(got)
    assert seen == COUNT, f"{seen} strings were seen"


@case(f"S5: {COUNT:,} hostile strings reach a fan-out's indexes as files, and come back to the byte")
def by_file(world):
    context = world.context("strings")
    script = 'printf %s "$ORK_ITEM" | base64; echo --; base64 "$ORK_ITEM_FILE"; echo --; printf %s "$ORK_INPUT_SAME" | base64'
    task = {"name": "each", "forEach": "params.texts", "inputs": {"same": "item"}, "parallelism": 10, "script": script}
    context.workflow("by-file", [task], params=[{"name": "texts", "type": "array"}])
    parts = batches(hostile(COUNT), BATCH)
    context.create(run_of("by-file", "files", params={"texts": [SEPARATOR.join(texts) for texts in parts]}))
    context.finished("files")
    found = logs_of(context, "files", "each")
    assert len(found) == len(parts), f"{len(found)} indexes wrote something, and not {len(parts)}"
    for wanted, ways in zip(parts, found):
        for way in ways:
            assert way.decode() == SEPARATOR.join(wanted), first_difference(way.decode().split(SEPARATOR), wanted)


@case("S5: single strings keep their first and last byte, in environment, a podTemplate's too")
def alone(world):
    context = world.context("strings")
    chosen = ["", " ", "\n", "\n\n", "$", "$$", "$(", "$(ORK_RUN)", "$$(ORK_RUN)", "-n", "--help", "'", '"', "\\", "\ttab\t",
              " x ", "x\n",
              "\u202ex", "\U0001f600", "-e \\x41", "%s", "\x01", "\x7f", "true", "1.0", "null", "{}", "~"]
    names = [f"p{at}" for at in range(len(chosen))]
    script = "; ".join(f'printf %s "$ORK_INPUT_{name.upper()}" | base64; echo --' for name in names)
    inputs = {name: f"params.{name}" for name in names}
    container = {"name": "main", "image": "busybox:1.36", "command": ["sh", "-c", script]}
    tasks = [{"name": "script", "inputs": inputs, "script": script},
             {"name": "pod", "inputs": inputs, "podTemplate": {"spec": {"containers": [container]}}}]
    context.workflow("alone", tasks, params=[{"name": name} for name in names])
    context.create(run_of("alone", "alone", params=dict(zip(names, chosen))))
    context.finished("alone")
    for task in ("script", "pod"):
        (found,) = logs_of(context, "alone", task)
        got = [way.decode() for way in found[:len(chosen)]]
        assert got == chosen, f"{task}: {first_difference(got, chosen)}"


@case("S5: what a program writes comes back as data: as an output, into the next task and a child run")
def outputs(world):
    context = world.context("strings")
    texts = [text for text in hostile(len(WORDS)) if len(text) < 40][:60]
    written = base64.b64encode(json.dumps(texts).encode()).decode()
    show = {"name": "show", "inputs": {"text": "params.texts"}, "script": 'printf %s "$ORK_INPUT_TEXT" | base64; echo --'}
    context.workflow("shows", [show], params=[{"name": "texts", "type": "array"}])
    context.start("outputs", [
        {"name": "write", "script": f"echo {written} | base64 -d > $ORK_OUTPUT"},
        {"name": "next", "inputs": {"text": "tasks.write.output"}, "script": 'printf %s "$ORK_INPUT_TEXT" | base64; echo --'},
        {"name": "child", "workflow": {"name": "shows", "params": {"texts": "tasks.write.output"}}}])
    run = context.finished("outputs")
    assert runs.task(run, "write")["output"] == texts, first_difference(runs.task(run, "write")["output"], texts)
    for name, task in (("outputs", "next"), (runs.task(run, "child")["run"], "show")):
        (found,) = logs_of(context, name, task)
        assert json.loads(found[0]) == texts, f"{task}: {first_difference(json.loads(found[0]), texts)}"


@case("S5: a NUL, which no environment can hold, does not start a container, and stops nobody else")
def nul(world):
    context = world.context("strings")
    task = {"name": "a", "inputs": {"text": "params.text"}, "script": "true"}
    context.workflow("nul", [task], params=[{"name": "text"}])
    context.create(run_of("nul", "nul", params={"text": "a\0b"}))
    context.create(run_of("nul", "beside", params={"text": "ab"}))
    context.finished("beside")
    run = context.run_until("nul", runs.is_final, "the run to end")
    assert run["status"]["phase"] == "Failed" and run["status"]["message"], run["status"]


@case("S5: ork eval takes each as a value and gives it back, and none as an expression", needs_cluster=False)
def evaluated(world):
    texts = hostile(COUNT)
    path = world.folder / "vars.json"
    path.write_text(json.dumps({"params": {"texts": texts}}))
    got = json.loads(world.ork("eval", "--vars", path, "-o", "json", "--", "params.texts"))["value"]
    assert got == texts, first_difference(got, texts)
    joined = json.loads(world.ork("eval", "--vars", path, "-o", "json", "--", 'params.texts.map(t, t + "")'))["value"]
    assert joined == texts, first_difference(joined, texts)


@case("S5: messages about hostile strings hold no control character that a terminal obeys", needs_cluster=False)
def messages(world):
    workflow = runs.workflow("w", [{"name": "a", "script": "true"}], params=[{"name": "text", "pattern": "^ok$"}])
    obeyed = [word for word in WORDS if any(ord(char) < 32 or 127 <= ord(char) < 160 for char in word)]
    for text in obeyed:
        for objects in ((workflow, run_of("w", "r", params={"text": text})),
                        (workflow, run_of("w", "r", params={text or "x": "1"})),
                        (runs.workflow("w", [{"name": f"a{text}", "script": "true"}]),),
                        (runs.workflow("w", [{"name": "a", "dependsOn": [text or "b"], "script": "true"}]),),
                        (runs.workflow("w", [{"name": "a", "inputs": {"x": f"params.{text}"}, "script": "true"}]),)):
            said = world.validate(*objects, codes=(3,))
            bad = {char for char in said if (ord(char) < 32 and char != "\n") or ord(char) == 127}
            assert not bad, f"for {text!r} ork validate writes {bad}: {said!r}"

"""ork run logs."""

from verbs import case, equal, holds

FLAKY = {"name": "flaky", "retry": {"limit": 1, "backoff": {"initial": "1s"}},
         "script": "echo first line of $ORK_ATTEMPT; echo; sleep 1; echo last line of $ORK_ATTEMPT; [ $ORK_ATTEMPT = 2 ]"}


@case("logs -f: begins before there is a Pod, goes on over a retry, and ends with the run")
def follow(context):
    path, name = context.run_file("r", [FLAKY, {"name": "after", "dependsOn": ["flaky"], "script": "echo after all"}], suspend=True)
    context.verb(0, "run", "start", "-f", path)
    following = context.ork.begin("run", "logs", name, "-f")
    context.kubectl.run("patch", "wfr", name, "--type=merge", "-p", '{"spec":{"suspend":false}}')
    following.line("flaky | first line of 1")
    following.line("flaky attempt 2 | last line of 2")
    ended = following.end()
    equal("the exit code", ended.code, 0)
    equal("all lines", following.seen + ended.out.splitlines(),
          ["flaky | first line of 1", "flaky | ", "flaky | last line of 1", "flaky attempt 2 | first line of 2",
           "flaky attempt 2 | ", "flaky attempt 2 | last line of 2", "after | after all"])
    # The same once more, now that all of it is over.
    equal("the lines of an ended run", context.verb(0, "run", "logs", name, "-f").out, context.verb(0, "run", "logs", name).out)


@case("logs: of a task, an attempt, an index; whole or the end")
def filters(context):
    name = context.start("r", [FLAKY, {"name": "wide", "count": 3, "script": "echo one of $ORK_INDEX; echo two of $ORK_INDEX"}])
    context.verb(0, "run", "status", name, "--watch")
    one = context.verb(0, "run", "logs", name, "flaky", "--attempt", 1).out
    equal("of one attempt, as it was written", one, "first line of 1\n\nlast line of 1\n")
    equal("of one index", context.verb(0, "run", "logs", name, "wide", "--index", 1).out, "one of 1\ntwo of 1\n")
    tail = context.verb(0, "run", "logs", name, "wide", "--tail", 1).out
    equal("the last line of each", sorted(tail.splitlines()), [f"wide[{i}] | two of {i}" for i in range(3)])
    equal("without prefix", sorted(context.verb(0, "run", "logs", name, "wide", "--tail", 1, "--no-prefix").out.splitlines()),
          [f"two of {i}" for i in range(3)])
    holds(context.verb(5, "run", "logs", name, "wid").err, "did you mean wide?")
    holds(context.verb(5, "run", "logs", name, "wide", "--index", 3).err, "has the indexes 0 to 2")
    holds(context.verb(5, "run", "logs", "nowhere").err, "not found")


@case("logs -f: waits for a program that is silent for longer than any request may take")
def silence(context):
    name = context.start("r", [{"name": "a", "script": "sleep 18; echo at last"}])
    following = context.ork.begin("run", "logs", name, "-f")
    following.line("a | at last")
    ended = following.end()
    troubles = [line for line in ended.err.splitlines() if not line.startswith(f"run {name} Succeeded")]
    equal("the exit code, and what troubled it", (ended.code, troubles), (0, []))


@case("logs -f: the exit code is the run's")
def outcome(context):
    name = context.start("r", [{"name": "a", "script": "echo so long; exit 3"}])
    failed = context.verb(10, "run", "logs", name, "-f")
    equal("stdout", failed.out, "a | so long\n")
    holds(failed.err, f"run {name} Failed", "cause: Program, exit code 3")


@case("logs: what a program wrote comes through byte by byte")
def bytes_through(context):
    script = r"""printf 'tab\there \033[31mred\033[0m \303\251\n'; seq 1 5000; printf 'no end'"""
    name = context.start("r", [{"name": "a", "script": script}])
    context.verb(0, "run", "status", name, "--watch")
    wanted = "tab\there \033[31mred\033[0m é\n" + "".join(f"{i}\n" for i in range(1, 5001)) + "no end\n"
    equal("the log", context.verb(0, "run", "logs", name, "a").out, wanted)
    equal("followed", context.verb(0, "run", "logs", name, "a", "-f").out, wanted)

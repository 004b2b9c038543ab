"""What needs no cluster: objects as they once were on one."""

from citizen import case

FOLDERS = ("WorkflowRun", "Workflow")


@case("kstatus reads each recorded object as the folder says in which it lies", needs_cluster=False)
def by_kstatus(citizen):
    paths = sorted((citizen.root / "tests" / "citizen" / "recorded").glob("*/*.yaml"))
    assert len(paths) >= 16, f"{len(paths)} recorded objects"
    wrong = [f"{answer['object']} is {answer['status']}: {answer['message']}"
             for path, answer in zip(paths, citizen.tool.ask("reads", "status", *paths), strict=True)
             if answer["status"] != path.parent.name]
    assert not wrong, "\n".join(wrong)


@case("Argo CD's Lua reads each test object of a health script as its health_test.yaml says", needs_cluster=False)
def by_argo(citizen):
    folders = [citizen.root / "examples" / "argo-cd" / "ork.dev" / kind for kind in FOLDERS]
    answers = citizen.tool.ask("reads", "health", *folders)
    wrong = [f"{a['object']}: {a['status']!r}, but wanted is {a['wanted']!r}" for a in answers if a["status"] != a["wanted"]]
    assert not wrong, "\n".join(wrong)
    untested = {str(p) for folder in folders for p in folder.glob("testdata/*.yaml")} - {a["object"] for a in answers}
    assert not untested, f"test data that no test reads: {untested}"

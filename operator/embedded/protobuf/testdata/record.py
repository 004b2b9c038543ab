#!/usr/bin/env python3
"""Records bodies.json: bodies of requests in protobuf, each with the JSON of the same object.

    operator/embedded/protobuf/testdata/record.py    asks kubectl (and the cluster of $KUBECONFIG) and go

Bodies are those that kubectl sends (commands that change nothing: dry runs, questions), and objects that
kinds/go_types/record_bodies fills: empty, with every field, with every field at its zero value. The JSON is
what Kubernetes' own Go types make of the body.
"""

import base64
import json
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GO = HERE.parents[1] / "kinds" / "go_types"
DRY = ["--dry-run=server", "-o", "name"]
COMMANDS = {
    "namespace": ["create", "namespace", "recorded", *DRY],
    "job": ["create", "job", "recorded", "--image=busybox", *DRY, "--", "sh", "-c", "echo done"],
    "configmap": ["create", "configmap", "recorded", "--from-literal=a=1", "--from-file=FOLDER", *DRY],
    "secret": ["create", "secret", "generic", "recorded", "--from-literal=a=ü", "--from-file=FOLDER", *DRY],
    "registry_secret": ["create", "secret", "docker-registry", "recorded", "--docker-server=registry.example",
                        "--docker-username=u", "--docker-password=p", *DRY],
    "can_i": ["auth", "can-i", "create", "jobs.batch", "--subresource=status", "-n", "default"],
    "can_i_url": ["auth", "can-i", "get", "/healthz"],
    "can_i_list": ["auth", "can-i", "--list", "-n", "default"],
}
LINE = re.compile(r"^\t[0-9a-f]{8}  ((?:[0-9a-f]{2} {1,2})+)")


def sent(arguments):
    """The body that kubectl shows of the one request that has one in protobuf."""
    run = subprocess.run(["kubectl", "-v=10", *arguments], capture_output=True, text=True, check=True)
    lines = iter(run.stderr.splitlines())
    for line in lines:
        if '"Request Body" body=<' in line:
            body = b""
            for shown in lines:
                match = LINE.match(shown)
                if not match:
                    break
                body += bytes.fromhex(match[1])
            if body.startswith(b"k8s\0"):
                return body
    raise SystemExit(f"kubectl {' '.join(arguments)} shows no body in protobuf")


def main():
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "bytes").write_bytes(bytes(range(256)))
        pathlib.Path(folder, "text").write_text("one\ntwo\n")
        bodies = {
            "kubectl_" + name: base64.b64encode(sent([word.replace("FOLDER", folder) for word in command])).decode()
            for name, command in COMMANDS.items()
        }
    out = subprocess.run(["go", "run", "./record_bodies"], cwd=GO, input=json.dumps(bodies), capture_output=True,
                         text=True, check=True).stdout
    recordings = json.loads(out)
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(recordings[name], sort_keys=True, separators=(',', ':'))}"
        for name in sorted(recordings)
    )
    (HERE / "bodies.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()

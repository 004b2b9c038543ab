#!/usr/bin/env python3
"""Writes messages.txt: how the built-in kinds travel as protobuf, asked of Kubernetes' Go types.

    operator/embedded/protobuf/generate.py            needs go, and the modules of go_messages/go.mod
    operator/embedded/protobuf/generate.py --check    exits with 1 where that would change anything
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "messages.txt"


def main():
    text = subprocess.run(["go", "run", "."], cwd=HERE / "go_messages", capture_output=True, text=True, check=True).stdout
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
    elif text != TARGET.read_text():
        sys.exit("operator/embedded/protobuf/messages.txt is not what the Go types say: run generate.py")


if __name__ == "__main__":
    main()

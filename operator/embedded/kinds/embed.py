#!/usr/bin/env python3
"""Writes a C++ source that holds the documents of this folder and of crds/, as JSON.

    embed.py OUTPUT BUILTIN DESCRIPTIONS CRD...

g++ 12 has no #embed. DESCRIPTIONS (definition -> field -> text, "" for the definition itself) goes
into BUILTIN, where `kubectl explain` finds it.
"""

import json
import pathlib
import sys

import yaml

MARK = "json"


def described(definitions, descriptions):
    for name, texts in descriptions.items():
        for field, text in texts.items():
            schema = definitions[name]["properties"][field] if field else definitions[name]
            schema["description"] = text
    return definitions


def literal(name, document):
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    return f'const std::string_view {name} = R"{MARK}({text}){MARK}";\n'


def main():
    output, builtin, descriptions, *crds = map(pathlib.Path, sys.argv[1:])
    definitions = described(json.loads(builtin.read_text()), json.loads(descriptions.read_text()))
    output.write_text(
        '#include "operator/embedded/kinds/documents.hpp"\n\nnamespace ork::embedded::documents {\n\n'
        + literal("builtin", definitions)
        + literal("crds", [yaml.safe_load(crd.read_text()) for crd in crds])
        + "\n}  // namespace ork::embedded::documents\n"
    )


if __name__ == "__main__":
    main()

"""What the image is made of, as SPDX 2.3 in JSON: ork, the Debian packages whose files it holds, and those of which only
headers went into the binary."""

import datetime
import hashlib
import json
import os
import re
import subprocess

import contents

# Compiled in, so no file of theirs is in the image. The build's packages (hack/install) that are libraries of headers.
HEADERS = ["nlohmann-json3-dev", "libboost1.81-dev", "libcli11-dev"]


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def debian_package(name, note):
    version, source, architecture = contents.output_of(
        "dpkg-query", "-W", "-f", "${Version}\\n${source:Package}\\n${Architecture}\\n", name).splitlines()[:3]
    return {
        "SPDXID": identifier(f"Package-{name}"),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "sourceInfo": f"Debian source package {source}",
        "comment": note,
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={architecture}"}],
    }


def own_package(name, kind, version, digest, commit):
    return {
        "SPDXID": identifier(f"Package-{name}"),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": kind,
        "checksums": [{"algorithm": "SHA256", "checksumValue": digest}],
        **({"sourceInfo": f"commit {commit}"} if commit else {}),
    }


def made_at(root):
    """SOURCE_DATE_EPOCH, or the time of the commit: the hour of the build would make every SBOM another."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or said_by_git(root, "log", "-1", "--format=%ct") or 0
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def said_by_git(root, *args):
    try:
        done = subprocess.run(["git", "-C", root, *args], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def packages_in(image):
    files = {}
    for entry in image.entries:
        if entry.package:
            files.setdefault(entry.package, []).append("/" + entry.path)
    return files


def note_of(paths):
    return f"in the image: {', '.join(paths)}" if len(paths) <= 5 else f"in the image: {len(paths)} files, such as {paths[0]}"


def of(image, tag, image_id, root):
    binary = next(entry for entry in image.entries if entry.path == "usr/bin/ork")
    commit = said_by_git(root, "rev-parse", "HEAD")
    whole = own_package("image", "CONTAINER", image.version, image_id, "")
    whole["comment"] = f"{tag}; the checksum is the image's ID"
    ork = own_package("ork", "APPLICATION", image.version, hashlib.sha256(binary.data).hexdigest(), commit)
    held = [debian_package(name, note_of(paths)) for name, paths in sorted(packages_in(image).items())]
    compiled_in = [debian_package(name, "headers, compiled into ork") for name in HEADERS]
    relationships = [("SPDXRef-DOCUMENT", "DESCRIBES", whole)]
    relationships += [(whole["SPDXID"], "CONTAINS", package) for package in [ork, *held]]
    relationships += [(ork["SPDXID"], "STATIC_LINK", package) for package in compiled_in]
    return json.dumps({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"ork-{image.version}",
        "documentNamespace": f"https://ork.dev/spdx/ork-{image.version}-{image_id}",
        "creationInfo": {"created": made_at(root), "creators": ["Tool: hack/image"]},
        "packages": [whole, ork, *held, *compiled_in],
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other["SPDXID"]}
                          for one, kind, other in relationships],
    }, indent=1) + "\n"

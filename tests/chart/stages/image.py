"""The image, as a file."""

import hashlib
import io
import json
import tarfile

import subprocess
import tempfile

from world import case

LIMIT_MIB = 40
SHELLS = {"sh", "bash", "dash", "ash", "busybox", "zsh"}


def read(archive):
    """Configuration and layer of an archive of `docker save`."""
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))[0]
        config = json.load(tar.extractfile(manifest["Config"]))
        layer = tar.extractfile(manifest["Layers"][0]).read()
    return config, tarfile.open(fileobj=io.BytesIO(layer))


@case("image: made twice it is the same, byte for byte, and so is its SBOM")
def reproducible(world):
    one, other = world.image, world.make_image("again.tar")
    for suffix in (".tar", ".spdx.json"):
        digests = {hashlib.sha256(path.with_suffix(suffix).read_bytes()).hexdigest() for path in (one, other)}
        assert len(digests) == 1, f"two archives of one binary differ: {one.with_suffix(suffix)}, {other.with_suffix(suffix)}"


@case("image: small, of no shell, of a user that is not root, and none of its files is for others to write")
def small(world):
    config, layer = read(world.image)
    members = layer.getmembers()
    mib = sum(member.size for member in members) / 1024 / 1024
    print(f"      {world.image.stat().st_size / 1024 / 1024:.1f} MiB packed, {mib:.1f} MiB unpacked, {len(members)} files")
    assert mib < LIMIT_MIB, f"the image has {mib:.1f} MiB; the bound is {LIMIT_MIB}"
    assert config["config"]["User"] == "65532:65532", f"its user is {config['config']['User']}"
    found = [member.name for member in members if member.name.rsplit("/", 1)[-1] in SHELLS]
    assert not found, f"there are shells in it: {found}"
    writable = [member.name for member in members if member.mode & 0o022 and not member.issym() and member.name != "tmp"]
    assert not writable, f"others may write to {writable}"
    odd = [member.name for member in members if member.mode & 0o6000]
    assert not odd, f"these run as their owner: {odd}"


def readelf(binary, *flags):
    return subprocess.run(["readelf", "--wide", *flags, binary], check=True, capture_output=True, text=True).stdout


@case("image: the binary is hardened: anywhere in memory, its tables read-only, its stack, copies and containers checked")
def hardened(world):
    _, layer = read(world.image)
    with tempfile.NamedTemporaryFile() as file:
        file.write(layer.extractfile(next(member for member in layer if member.name.endswith("bin/ork"))).read())
        file.flush()
        headers, dynamic, symbols = (readelf(file.name, flag) for flag in ("-hl", "-d", "--dyn-syms"))
    assert "Type:                              DYN" in headers, "it is loaded where everybody knows"
    assert "GNU_RELRO" in headers and "BIND_NOW" in dynamic, "its table of functions can be written"
    stack = next(line for line in headers.splitlines() if "GNU_STACK" in line)
    assert " RWE " not in stack, "its stack can be executed"
    for symbol, what in (("__stack_chk_fail", "stack"), ("__memcpy_chk", "copies"), ("__glibcxx_assert_fail", "containers")):
        assert symbol in symbols, f"its {what} are not checked: it does not use {symbol}"


@case("image: the SBOM names the package of each shared library, and what was compiled in")
def bill(world):
    bill_of = json.loads(world.image.with_suffix(".spdx.json").read_text())
    said = {package["name"]: package for package in bill_of["packages"]}
    for name in ("ork", "libc6", "libcurl4", "libssl3", "tzdata", "ca-certificates", "nlohmann-json3-dev"):
        assert name in said, f"the SBOM has no package {name}"
        assert said[name]["versionInfo"], f"the SBOM has no version of {name}"
    notes = " ".join(package.get("comment", "") for package in bill_of["packages"])
    _, layer = read(world.image)
    unnamed = [member.name for member in layer.getmembers() if ".so" in member.name and f"/{member.name}" not in notes]
    assert not unnamed, f"the SBOM does not say where these come from: {unnamed}"
    known = {package["SPDXID"] for package in bill_of["packages"]} | {"SPDXRef-DOCUMENT"}
    loose = [tie for tie in bill_of["relationships"] if not {tie["spdxElementId"], tie["relatedSpdxElement"]} <= known]
    assert not loose, f"relationships of what the SBOM does not name: {loose}"

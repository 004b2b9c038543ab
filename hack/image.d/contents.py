"""What is in the image: the stripped binary, the shared libraries that it names, root certificates, time zones."""

import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

USER = 65532
ZONES = pathlib.Path("/usr/share/zoneinfo")
# Second copies of the whole database, under other rules for leap seconds, that nobody names.
ZONES_LEFT_OUT = {"right", "posix"}
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
TEXTS = {
    "etc/passwd": f"root:x:0:0:root:/:/sbin/nologin\nork:x:{USER}:{USER}:ork:/:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nork:x:{USER}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",  # glibc's own default asks DNS alone
}


class CannotMake(Exception):
    """Something is missing on this machine; the text says what to do."""


@dataclasses.dataclass(frozen=True)
class Entry:
    path: str  # without a slash in front
    mode: int
    data: bytes = b""
    target: str = ""  # of a symbolic link
    folder: bool = False
    package: str = ""  # the Debian package that it comes from


@dataclasses.dataclass(frozen=True)
class Image:
    version: str  # of ork
    entries: list  # sorted, folders before what is in them


def output_of(*command):
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError as error:
        raise CannotMake(f"{command[0]} is missing; install it with hack/install build") from error
    except subprocess.CalledProcessError as error:
        raise CannotMake(f"{' '.join(map(str, command))}: {error.stderr.strip() or error.stdout.strip()}") from error


def packages_of(paths):
    """The Debian package of each. dpkg remembers a file by the name that it was packed under, with /usr in front or without."""
    names = {}
    for path in paths:
        real = os.path.realpath(path)
        names |= {name: path for name in (real, real.removeprefix("/usr"), "/usr" + real)}
    # It answers for those that it knows and complains of the others.
    said = subprocess.run(["dpkg-query", "-S", *names], capture_output=True, text=True, check=False).stdout
    found = {names[name]: package.split(":")[0] for package, name in re.findall(r"^(\S+): (/.*)$", said, re.M)}
    if lost := sorted(set(paths) - set(found)):
        raise CannotMake(f"no Debian package owns {', '.join(lost)}, so the SBOM could not tell where that comes from")
    return found


def stripped(binary):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "ork"
        output_of("strip", "--strip-all", "-o", copy, binary)
        return copy.read_bytes()


def libraries(binary):
    """All that the loader would load, the loader included, under the paths where it looks for them."""
    text = output_of("ldd", binary)
    if missing := re.findall(r"^\s*(\S+) => not found", text, re.M):
        raise CannotMake(f"{binary} needs {', '.join(missing)}, which this machine does not have")
    paths = re.findall(r"=> (/\S+)|^\s*(/\S+)", text, re.M)
    packages = packages_of({found or loader for found, loader in paths})
    for path, package in sorted(packages.items()):
        yield Entry(path[1:], 0o755, pathlib.Path(path).read_bytes(), package=package)


def time_zones():
    if not ZONES.is_dir():
        raise CannotMake(f"{ZONES} is missing, which schedules and expressions read; install it with hack/install build")
    for path in sorted(ZONES.rglob("*")):
        if path.relative_to(ZONES).parts[0] in ZONES_LEFT_OUT or path.is_dir():
            continue
        name = str(path)[1:]
        if path.is_symlink() and not os.readlink(path).startswith("/"):
            yield Entry(name, 0o777, target=os.readlink(path), package="tzdata")
        elif not path.is_symlink():
            yield Entry(name, 0o644, path.read_bytes(), package="tzdata")


def folders_of(entries):
    found = {str(parent) for entry in entries for parent in pathlib.PurePosixPath(entry.path).parents}
    return [Entry(path, 0o755, folder=True) for path in found if path != "."]


def of(binary):
    if not CERTIFICATES.is_file():
        raise CannotMake(f"{CERTIFICATES} is missing; install it with hack/install build")
    entries = [Entry("usr/bin/ork", 0o755, stripped(binary)),
               Entry(str(CERTIFICATES)[1:], 0o644, CERTIFICATES.read_bytes(), package="ca-certificates"),
               *(Entry(path, 0o644, text.encode()) for path, text in TEXTS.items()),
               *libraries(binary), *time_zones()]
    entries += [*folders_of(entries), Entry("tmp", 0o1777, folder=True)]
    version = output_of(binary, "version").split()[-1]
    return Image(version, sorted(entries, key=lambda entry: entry.path))


def write_to(image, root):
    if root.exists() and any(root.iterdir()):
        raise CannotMake(f"{root} is not empty; name a new folder")
    for entry in image.entries:
        path = root / entry.path
        if entry.folder:
            path.mkdir(parents=True, exist_ok=True)
        elif entry.target:
            path.symlink_to(entry.target)
            continue
        else:
            path.write_bytes(entry.data)
        path.chmod(entry.mode)
    root.chmod(0o755)

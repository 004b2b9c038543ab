"""An image as `docker save` writes it: a manifest, a configuration, one layer. Nothing in it knows the hour."""

import gzip
import hashlib
import io
import json
import os
import platform
import tarfile

import contents

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def tar_of(members):
    """The bytes of a tar of (TarInfo, data)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def member(entry):
    info = tarfile.TarInfo(entry.path)
    info.mode = entry.mode
    if entry.folder:
        info.type = tarfile.DIRTYPE
    elif entry.target:
        info.type = tarfile.SYMTYPE
        info.linkname = entry.target
    else:
        info.size = len(entry.data)
    return info, entry.data


def named(name, data):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mode = 0o644
    return info, data


def configuration(layer, version):
    machine = platform.machine()
    return {
        "architecture": ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": {
            "User": f"{contents.USER}:{contents.USER}",
            "Entrypoint": ["/usr/bin/ork"],
            "Env": ["PATH=/usr/bin"],
            "WorkingDir": "/",
            "Labels": {"org.opencontainers.image.title": "ork", "org.opencontainers.image.version": version,
                       "org.opencontainers.image.licenses": "Apache-2.0"},
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    }


def write(image, tags, path):
    """Writes the archive; gives the sha256 of its configuration, which Docker calls the image's ID."""
    layer = tar_of(member(entry) for entry in image.entries)
    packed = gzip.compress(layer, compresslevel=6, mtime=0)
    config = json.dumps(configuration(layer, image.version), sort_keys=True).encode()
    digest = hashlib.sha256(config).hexdigest()
    layer_name = hashlib.sha256(packed).hexdigest() + ".tar.gz"
    manifest = json.dumps([{"Config": digest + ".json", "RepoTags": tags, "Layers": [layer_name]}]).encode()
    new = path.with_name(path.name + ".new")
    new.write_bytes(tar_of([named("manifest.json", manifest), named(digest + ".json", config), named(layer_name, packed)]))
    os.replace(new, path)
    return digest

"""JSON Patch (RFC 6902: add, replace, remove, test) and merge patch (RFC 7386), as far as ork sends them."""


class PatchError(ValueError):
    pass


def merge(target, patch):
    """A new value; neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    out = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merge(out.get(key), value)
    return out


def json_patch(target, steps):
    for step in steps:
        target = one_step(target, parts_of(step["path"]), step)
    return target


def parts_of(path):
    if path and not path.startswith("/"):
        raise PatchError(f"{path!r} is no JSON pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def one_step(target, parts, step):
    if not parts:
        if step["op"] == "test" and target != step["value"]:
            raise PatchError(f"test of {step['path']} fails")
        return target if step["op"] == "test" else step.get("value")
    key, rest = parts[0], parts[1:]
    if isinstance(target, dict):
        return in_object(target, key, rest, step)
    if isinstance(target, list):
        return in_list(target, key, rest, step)
    raise PatchError(f"{step['path']} leads into a plain value")


def in_object(target, key, rest, step):
    out = dict(target)
    if rest or step["op"] == "test":
        if key not in out:
            raise PatchError(f"{step['path']} is not there")
        out[key] = one_step(out[key], rest, step)
    elif step["op"] == "remove":
        if key not in out:
            raise PatchError(f"{step['path']} is not there")
        del out[key]
    elif step["op"] == "replace" and key not in out:
        raise PatchError(f"{step['path']} is not there")
    else:
        out[key] = step["value"]
    return out


def in_list(target, key, rest, step):
    out = list(target)
    at = len(out) if key == "-" else int(key) if key.isdigit() else -1
    last = len(out) if step["op"] == "add" and not rest else len(out) - 1
    if not 0 <= at <= last:
        raise PatchError(f"{step['path']} is not there")
    if rest or step["op"] == "test":
        out[at] = one_step(out[at], rest, step)
    elif step["op"] == "remove":
        del out[at]
    elif step["op"] == "add":
        out.insert(at, step["value"])
    else:
        out[at] = step["value"]
    return out

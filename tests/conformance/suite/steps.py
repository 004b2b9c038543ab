"""A step of a script: one request, in words that mean the same to every server.

A script is JSON, so it can be printed, kept and sent again. A step holds

    do       what it is, for people: "create", "update with a stale version"
    method, path, query, type, accept     the request; query is a list of pairs
    body     JSON, in which these objects stand for what this server said before:
                 {"$version": [kind, name, age]}   the version of an object; age 1: the one before, ...
                 {"$uid": [kind, name]}            its uid
                 {"$object": [kind, name], "edits": [[path, value], ...]}   all of it as last seen, edited
                 {"$continue": kind}, {"$list": kind}    the continue token or version of the last list
                 {"$big": n}, {"$deep": n}         a text of n bytes; n objects within each other
    text     instead of body: the bytes as they are
    wait     instead of a request: "gone" (until path is 404), "settled" (until the garbage collector has
             nothing to do there), "watch" (opens one; its events are compared in the end)
    before   "fresh": first waits until answers from a cache show all that was written

What was never seen (a script may have been cut short) is the version "1", a uid of zeros, an object with a
name and nothing else. In every text $NS is the namespace, and $G3$ the name that generateName of step 3 came to.
"""

import copy
import json

REMOVE = {"$remove": True}


def edited(obj, edits):
    obj = copy.deepcopy(obj)
    for path, value in edits:
        try:
            _edit(obj, path, value)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            continue  # the object has not the shape the edit is for
    return obj


def _edit(obj, path, value):
    *parents, last = path
    for part, inner in zip(parents, path[1:]):
        if isinstance(part, int) and not isinstance(obj, list):
            raise TypeError("no list")
        if isinstance(obj, dict) and part not in obj:
            if isinstance(inner, int):
                raise TypeError("no list")
            obj[part] = [] if inner == "+" else {}
        obj = obj[part]
    if value == REMOVE:
        del obj[last]
    elif last == "+":
        obj.append(value)
    else:
        obj[last] = copy.deepcopy(value)


def deep(levels):
    value = {"end": "x"}
    for _ in range(levels):
        value = {"d": value}
    return value


def resolved(value, session):
    """The template with this session's values in it."""
    if isinstance(value, str):
        return session.in_words_of_the_server(value)
    if isinstance(value, list):
        return [resolved(item, session) for item in value]
    if not isinstance(value, dict):
        return value
    if "$version" in value:
        return session.version(*value["$version"])
    if "$uid" in value:
        return session.uid(*value["$uid"])
    if "$object" in value:
        return edited(session.object(*value["$object"]), resolved(value.get("edits", []), session))
    if "$continue" in value:
        return session.continue_of(value["$continue"])
    if "$list" in value:
        return session.list_version(value["$list"])
    if "$big" in value:
        return "x" * value["$big"]
    if "$deep" in value:
        return deep(value["$deep"])
    return {resolved(key, session): resolved(item, session) for key, item in value.items()}


def shown(step):
    """One line for people; it is JSON, and can be read back."""
    return json.dumps(step, separators=(", ", ": "), ensure_ascii=False)

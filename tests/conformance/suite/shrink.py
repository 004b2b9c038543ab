"""The shortest script that still shows a disagreement, as far as dropping steps leads there."""

MAX_REPLAYS = 60


def shrunk(pair, result, disagreement):
    """(steps, disagreement) of the shortest replay found; None where a replay doesn't show it at all."""
    wanted = disagreement.signature()
    budget = [MAX_REPLAYS]

    def shows(steps):
        if budget[0] == 0:
            return None
        budget[0] -= 1
        replayed = pair.replayed(steps)
        return next((found for found in replayed.disagreements if found.signature() == wanted), None)

    steps = result.steps[: disagreement.place + 1]
    best = shows(steps)
    if best is None:
        return None
    size = max(1, len(steps) // 2)
    while True:
        start = 0
        while start < len(steps):
            shorter = steps[:start] + steps[start + size :]
            found = shows(shorter) if shorter else None
            if found:
                steps, best = shorter, found
            else:
                start += size
        if size == 1 or budget[0] == 0:
            return steps, best
        size //= 2

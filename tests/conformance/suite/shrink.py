"""The shortest script that still shows a disagreement, as far as dropping steps leads there."""

MAX_REPLAYS = 18


class Shrinker:
    def __init__(self, pair, disagreement):
        self.pair = pair
        self.wanted = disagreement.signature()
        self.left = MAX_REPLAYS
        self.best = None  # (steps, disagreement)

    def shows(self, steps):
        """Replays them; the shortest that shows the disagreement is kept."""
        if self.left == 0 or not steps:
            return False
        self.left -= 1
        replayed = self.pair.replayed(steps)
        found = next((each for each in replayed.disagreements if each.signature() == self.wanted), None)
        if found:
            self.best = (steps, found)
        return found is not None

    def drop_chunks(self):
        size = max(1, len(self.best[0]) // 2)
        while True:
            start = 0
            while start < len(self.best[0]):
                steps = self.best[0]
                if not self.shows(steps[:start] + steps[start + size :]):
                    start += size
            if size == 1 or self.left == 0:
                return
            size //= 2


def shrunk(pair, result, disagreement):
    """(steps, disagreement) of the shortest replay found; None where a replay doesn't show it at all."""
    steps = result.steps[: disagreement.place + 1]
    shrinker = Shrinker(pair, disagreement)
    last = steps[-1]
    same_object = [step for step in steps if step.get("kind") == last.get("kind")]
    # Most need one step, or those about one kind.
    for fewer in ([last], same_object, steps):
        if disagreement.place < len(result.steps) or fewer is steps:
            if shrinker.shows(fewer):
                shrinker.drop_chunks()
                return shrinker.best
    return None

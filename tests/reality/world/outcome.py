"""What a long trial has come to, told the same way by each."""


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def told(name, values):
    return (f"{name}: p50 {percentile(values, 0.5) * 1000:.0f} ms, p99 {percentile(values, 0.99) * 1000:.0f} ms, "
            f"most {max(values, default=0) * 1000:.0f} ms, of {len(values)}")


def report(found):
    """found: (what must hold, what spoke against it). Prints it, and gives the exit code."""
    for name, wrong in found:
        print(f"{'FAIL ' if wrong else 'ok   '} {name}")
        for line in wrong[:20]:
            print(f"      {line}")
    failed = sum(bool(wrong) for _, wrong in found)
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed else 0

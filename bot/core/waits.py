"""How long to wait for a moment that was written down. Pure."""


def seconds_until(moment: float, *, now: float, at_most: float) -> float:
    """From zero to `at_most`, also when the clock was put back after the moment was written."""
    return min(max(moment - now, 0.0), max(at_most, 0.0))

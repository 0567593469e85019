"""Which message ids a bubble in doubt may have. Pure."""

from collections.abc import Collection

FEWEST = 16


def candidates(*, lower: int, known: Collection[int], in_doubt: int) -> tuple[int, ...]:
    """The ids to try, nearest first.

    The bubble stands above `lower`, the last id known before its call, and is none of `known`,
    the ids above `lower` that our tables hold. Every other message of the sequence is known or
    in doubt itself, so it stands at most `in_doubt` places above the highest known one.
    """
    taken = set(known)
    highest = max(taken, default=lower) + in_doubt
    free = (one for one in range(lower + 1, highest + 1) if one not in taken)
    return tuple(one for one, _ in zip(free, range(max(FEWEST, 2 * in_doubt)), strict=False))

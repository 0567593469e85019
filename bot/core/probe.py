"""Which message ids a bubble in doubt may have. Pure."""

from collections.abc import Collection

FEWEST = 16


def candidates(
    *, lower: int, upper: int | None, known: Collection[int], in_doubt: int
) -> tuple[int, ...]:
    """The ids to try, nearest first.

    The bubble stands above `lower`, the last id known before its call, below `upper`, the first
    one that was certainly given later, and is none of `known`, other messages' ids (those up to
    `lower` say nothing). Without an `upper`: every other message of the sequence is known or in
    doubt itself, so the bubble stands at most `in_doubt` places above the highest known one.
    """
    taken = {one for one in known if one > lower}
    end = max(taken, default=lower) + in_doubt + 1 if upper is None else upper
    free = (one for one in range(lower + 1, end) if one not in taken)
    return tuple(one for one, _ in zip(free, range(max(FEWEST, 2 * in_doubt)), strict=False))

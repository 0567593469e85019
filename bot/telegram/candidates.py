"""Which message ids a bubble in doubt may have. Pure."""

from collections.abc import Collection
from itertools import islice

FEWEST = 16


def candidates(
    *, lower: int, upper: int | None, known: Collection[int], in_doubt: int, before: int = 0
) -> tuple[int, ...]:
    """The ids to try, the likeliest first.

    The bubble stands above `lower`, the last id known before its call, below `upper`, the first
    one that was certainly given later, and is none of `known`, other messages' ids (those up to
    `lower` say nothing). Without an `upper`: every other message of the sequence is known or in
    doubt itself, so the bubble stands at most `in_doubt` places above the highest known one.

    Ids are given in about the order of the calls: `before` others in doubt were on their way when
    its own began, so it is probably that many places from the first.
    """
    taken = {one for one in known if one > lower}
    end = max(taken, default=lower) + in_doubt + 1 if upper is None else upper
    free = (one for one in range(lower + 1, end) if one not in taken)
    found = islice(free, max(FEWEST, 2 * in_doubt))
    nearest = sorted(enumerate(found), key=lambda place: abs(place[0] - before))
    return tuple(one for _, one in nearest)

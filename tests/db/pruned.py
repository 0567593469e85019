"""A desk whose things are old, and the first batch of them that goes."""

from typing import Any

from bot.telegram.ids import NUMBERING
from db.drafts import Change
from db.operations import SetConversation
from db.pruning import Batch, prune
from db.records import TELEGRAM
from db.retention import Retention
from db.seconds import DAY_SECONDS
from db.tenants import SaveProfile
from db.transaction import Operation
from tests.databases import SOMEBODY
from tests.db.aging import Aging
from tests.db.desk import Desk


async def first_batch(desk: Desk, name: str) -> Operation[Any]:
    """The first batch of this type; the earlier ones are carried out."""
    turn = await Aging(desk).answered(message_id=9)
    await Aging(desk).answered(message_id=5_000)
    following = await desk.open_turn()
    kept = SetConversation(following.fence, turn.thread, "conv_1")
    await desk.journal.do(kept)
    await desk.complete(following)
    await desk.do_to_chat("start_over")
    for number in range(52):
        await desk.journal.do(SaveProfile("gino", f'{{"n": {number}}}', "test", desk.now))
    for value in ("a", "b"):
        await desk.journal.do(Change(1, {"company_name": value}, SOMEBODY, desk.now, ()))
    desk.now += 5_000 * DAY_SECONDS
    found: list[Operation[int]] = []

    async def carry_out(batch: Batch) -> int:
        if type(batch.operation).__name__ == name:
            found.append(batch.operation)
        return batch.size if found else await desk.journal.do(batch.operation)

    def tell(*_: object) -> None: ...

    await prune(
        desk.database,
        Retention(),
        desk.now,
        numberings={TELEGRAM: NUMBERING},
        carry_out=carry_out,
        tell=tell,
    )
    return found[0]

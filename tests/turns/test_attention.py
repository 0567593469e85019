"""What people of a company were shown is put right: as much as there is, at once."""

from sqlalchemy import Connection, insert, select

from bot.turns.attention import LOOK_SECONDS
from db.models import chats, outbox, quotes
from db.records import OutboxKind, OutboxState
from db.rows import UNOWNED
from db.talks import BATCH
from tests.fakes.channel import Client
from tests.fakes.model import reply
from tests.turns.desk import House


async def test_more_than_is_read_at_once_is_put_right_without_a_rest(house: House) -> None:
    count = 2 * BATCH + 1

    def outdate(connection: Connection) -> None:
        chat = connection.execute(select(chats.c.id)).scalar_one()
        for number in range(count):
            row = connection.execute(
                insert(outbox)
                .values(
                    chat_id=chat,
                    kind=OutboxKind.COMMAND,
                    position=0,
                    text="",
                    state=OutboxState.SENT,
                    owner=UNOWNED,
                    message_id=9_000 + number,
                    queued_at=house.clock.now(),
                )
                .returning(outbox.c.id)
            ).scalar_one()
            shown = {"outbox_id": row, "chat_id": chat, "rewrite_at": 1.0}
            connection.execute(insert(quotes).values(**shown))

    house.model.will(reply("Salve."))
    async with house.process() as desk:
        await desk.answers(Client().writes("Buongiorno"))
        await house.database.write(outdate)
        desk.engine.attention.wake()
        await desk.runs(LOOK_SECONDS / 2)
        assert len([one for one in house.channel.existing if int(one) >= 9_000]) == count

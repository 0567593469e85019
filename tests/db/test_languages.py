"""A language chosen in a chat counts more than the one that Telegram tells."""

import pytest

from db.chats import ChatWork
from db.chores import Alert
from db.languages import chosen_language
from db.records import Draft, OutboxKind
from db.window import Window
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, bubble, incoming


async def choose(desk: Desk, language: str | None) -> None:
    def work(chat: ChatWork) -> tuple[Draft, ...]:
        chat.speak(language)
        assert chat.chosen_language() == language
        return ()

    await desk.handle(await desk.event(), work)


def notice(language: str | None) -> Draft:
    return bubble(f"notice in {language}", kind=OutboxKind.NOTICE)


async def test_it_is_the_chats_alone(desk: Desk) -> None:
    await choose(desk, "en")
    read = desk.database.read
    anna, bruno = (chat_at(BOT, client, 0) for client in (ANNA, BRUNO))
    assert await read(lambda c: chosen_language(c, anna)) == "en"
    assert await read(lambda c: chosen_language(c, bruno)) is None


@pytest.mark.parametrize(("chosen", "spoken"), [("en", "en"), (None, "it")])
async def test_a_turn_speaks_it(desk: Desk, chosen: str | None, spoken: str) -> None:
    await choose(desk, chosen)
    turn = await desk.open_turn(language="it")
    assert turn.language == spoken


async def test_an_adopted_turn_speaks_it(desk: Desk) -> None:
    await choose(desk, "en")
    turn = await desk.open_turn(language="it")
    again = desk.adopting(chats=(turn.chat,))
    (adopted,) = (await desk.journal.do(again)).turns
    assert adopted.language == "en"


async def test_too_fast_is_said_in_it(desk: Desk) -> None:
    desk.window = Window(turns_per_minute=1)
    desk.too_fast = lambda _, language, __: notice(language)
    await choose(desk, "en")
    await desk.complete(await desk.open_turn(language="it"))
    accepted = await desk.accept(incoming(1, language="it"))
    assert [row.text for row in accepted.notices] == ["notice in en"]


async def test_a_host_is_told_in_it(desk: Desk) -> None:
    await choose(desk, "en")
    await desk.hear(client=ANNA, language="it")
    (row,) = await desk.journal.do(
        Alert(
            key="cap",
            owner=desk.owner,
            now=desk.now,
            bot_id=BOT,
            hosts=(ANNA,),
            bots=frozenset({BOT}),
            drafts_in_commit=lambda _, language: [notice(language)],
        )
    )
    assert row.text == "notice in en"

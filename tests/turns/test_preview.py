"""An admin tries the draft: every bubble is marked, and the model knows nothing of the mark."""

import pytest
from sqlalchemy import insert

from bot.core.texts import Text, say
from bot.core.texts.profile import Versions
from bot.errors import GiveUp
from bot.ports import Began, BubbleClosed, Line, Speaker, Speaking
from bot.turns.speech import PREVIEW_MARK
from db.chats import ChatWork
from db.models import admins, drafts
from db.records import Draft, Purpose
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House, rules

TENANT = 1
EYE = PREVIEW_MARK
HOSTED = rules(hosts=(1,))  # Anna is a host


async def drafted(house: House, changes: str, *, revision: int = 1) -> None:
    row = insert(drafts).values(
        tenant_id=TENANT,
        revision=revision,
        base_version=1,
        changes=changes,
        fields="[]",
        author="Anna",
        created_at=house.clock.now(),
    )
    await house.database.write(lambda connection: connection.execute(row))


async def previews(desk: Desk, anna: Client) -> None:
    def work(chat: ChatWork) -> tuple[Draft, ...]:
        chat.switch(TENANT, purpose=Purpose.PREVIEW)
        return ()

    desk.works["/preview"] = work
    await desk.answers(anna.commands("/preview"), seconds=1)


async def test_every_bubble_of_a_preview_is_marked(house: House) -> None:
    house.model.will(reply("Uno.", "Due.|Tre."))  # the second one is too long for one message
    async with house.process(HOSTED) as desk:
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
    assert house.channel.texts() == [f"{EYE}Uno.", f"{EYE}Due.", f"{EYE}Tre."]


async def test_a_preview_is_answered_by_the_draft(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process(HOSTED) as desk:
        await drafted(house, '{"company_name": "Hotel Boreale"}')
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
    assert "Hotel Boreale" in house.model.asked[0].instructions


async def test_without_a_draft_a_preview_is_answered_by_what_is_published(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process(HOSTED) as desk:
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
    assert "Hotel Aurora" in house.model.asked[0].instructions


async def test_clients_are_answered_by_what_is_published(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process(HOSTED) as desk:
        await drafted(house, '{"company_name": "Hotel Boreale"}')
        await desk.answers(Client().writes("?"))
    assert "Hotel Boreale" not in house.model.asked[0].instructions
    assert house.channel.texts() == ["Sono una IA.", "Uno."]


async def test_each_change_of_the_draft_is_seen_by_the_next_message(house: House) -> None:
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process(HOSTED) as desk:
        anna = Client()
        await previews(desk, anna)
        await drafted(house, '{"company_name": "Hotel Boreale"}')
        await desk.answers(anna.writes("?"))
        await drafted(house, '{"company_name": "Hotel Cometa"}', revision=2)
        await desk.answers(anna.writes("?"))
    first, second = (question.instructions for question in house.model.asked)
    assert ("Hotel Boreale" in first, "Hotel Cometa" in second) == (True, True)


async def test_waiting_and_failure_are_marked_too(house: House) -> None:
    async def slowly() -> None:
        await house.clock.sleep(6)

    house.model.will([slowly, *reply("Uno.")], [GiveUp("broken")], [GiveUp("broken")])
    async with house.process(rules(waiting_seconds=5, hosts=(1,))) as desk:
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
    told_as_host = say(Text.HOST_REFUSED, "it")
    waiting, said, failure = (one for one in house.channel.texts() if one != told_as_host)
    assert said == f"{EYE}Uno."
    assert (waiting.startswith(EYE), failure.startswith(EYE)) == (True, True)


async def dies_in_preview(house: House) -> None:
    """Killed after the first bubble."""
    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Uno."), house.hangs])
    async with house.process(HOSTED) as desk:
        await drafted(house, '{"company_name": "Hotel Boreale"}')
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"), seconds=10)
        await desk.dies()


async def comes_back(house: House) -> None:
    async with house.process(HOSTED) as desk:
        await desk.runs(120)


async def test_after_a_crash_a_preview_says_the_rest_and_marks_it(house: House) -> None:
    await dies_in_preview(house)
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    await comes_back(house)
    assert house.channel.texts() == [f"{EYE}Uno.", f"{EYE}Due."]


async def test_after_a_crash_the_model_hears_its_own_words_without_the_mark(house: House) -> None:
    await dies_in_preview(house)
    house.model.stored["resp_1"] = GiveUp("unknown")
    house.model.will(reply("Due.", response_id="resp_2"))
    await comes_back(house)
    again = house.model.asked[-1]
    assert Line(Speaker.ASSISTANT, "Uno.") in again.lines
    assert "Hotel Boreale" in again.instructions
    assert house.channel.texts() == [f"{EYE}Uno.", f"{EYE}Due."]


async def test_whoever_lost_the_role_is_out_of_the_preview(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await drafted(house, '{"company_name": "Hotel Boreale"}')
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
    assert house.channel.texts() == [say(Versions.PREVIEW_OVER, "it"), "Sono una IA.", "Uno."]
    assert "Hotel Boreale" not in house.model.asked[0].instructions


@pytest.mark.parametrize(("role", "answered"), [("admin", True), ("viewer", False)])
async def test_those_who_configure_may_try_the_draft(
    house: House, role: str, *, answered: bool
) -> None:
    if answered:
        house.model.will(reply("Uno."))
    async with house.process() as desk:
        row = insert(admins).values(tenant_id=1, user_id=1, role=role, name="Anna", added_at=0.0)
        await house.database.write(lambda connection: connection.execute(row))
        anna = Client()
        await previews(desk, anna)
        await desk.answers(anna.writes("?"))
    assert (house.channel.texts() == [f"{EYE}Uno."]) == answered

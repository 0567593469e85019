"""A tenant that is paused or archived: one sentence of its own, and no model is asked."""

import pytest
from sqlalchemy import update

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.errors import RetryLater
from bot.ports import Began, BubbleClosed, Speaking
from db.chats import ChatWork
from db.models import tenants
from db.records import Draft, Purpose, TenantState, TurnState
from tenants.profile import Profile
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import House, rules

PAUSED = "Torniamo lunedì."
CLOSED = {TenantState.PAUSED: PAUSED, TenantState.ARCHIVED: say(Versions.ARCHIVED, "it")}


@pytest.fixture(autouse=True)
def pausing(house: House) -> None:
    house.profile = Profile(pause_message=PAUSED, ai_notice="Sono una IA.", pace="off")


async def is_now(house: House, state: TenantState) -> None:
    await house.database.write(lambda c: c.execute(update(tenants).values(state=state)))


@pytest.mark.parametrize("state", CLOSED)
async def test_a_closed_tenant_says_so_and_asks_no_model(house: House, state: TenantState) -> None:
    async with house.process() as desk:
        await is_now(house, state)
        await desk.answers(Client().writes("Ci siete?"))
        (turn,) = (await desk.transcript()).turns
    assert house.channel.texts() == [CLOSED[state]]
    assert (turn.state, turn.cause) == (TurnState.DONE, state)


async def test_each_turn_is_told_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await is_now(house, TenantState.PAUSED)
        await desk.answers(anna.writes("Ci siete?"), anna.writes("Pronto?"))
        await desk.answers(anna.writes("E ora?"))
    assert house.channel.texts() == [PAUSED, PAUSED]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (TenantState.PAUSED, Profile().text_for("pause_message", "en")),
        (TenantState.ARCHIVED, say(Versions.ARCHIVED, "en")),
    ],
)
async def test_the_default_is_in_the_clients_language(
    house: House, state: TenantState, told: str
) -> None:
    house.profile = Profile(ai_notice="Sono una IA.")
    async with house.process() as desk:
        await is_now(house, state)
        await desk.answers(Client(language="en").writes("Anybody there?"))
    assert house.channel.texts() == [told]


async def test_active_again_it_answers_and_gives_the_notice(house: House) -> None:
    anna = Client()
    house.model.will(reply("Eccoci."))
    async with house.process() as desk:
        await is_now(house, TenantState.PAUSED)
        await desk.answers(anna.writes("Ci siete?"))
        await is_now(house, TenantState.ACTIVE)
        await desk.answers(anna.writes("Ci siete?"))
    assert house.channel.texts() == [PAUSED, "Sono una IA.", "Eccoci."]


async def test_a_crash_does_not_say_it_twice(house: House) -> None:
    async with house.process() as desk:
        await is_now(house, TenantState.PAUSED)
        house.channel.refusals.append(RetryLater(30))
        await desk.answers(Client().writes("Ci siete?"), seconds=5)
        await desk.dies()
    async with house.process() as desk:
        await desk.runs(60)
        (turn,) = (await desk.transcript()).turns
    assert (house.channel.texts(), turn.epoch) == ([PAUSED], 2)


async def test_an_answer_that_began_before_the_pause_is_finished(house: House) -> None:
    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Uno."), house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.dies()
    await is_now(house, TenantState.PAUSED)
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.runs(60)
    assert house.channel.texts() == ["Sono una IA.", "Uno.", "Due."]


async def test_after_the_ai_notice_alone_the_pause_is_told(house: House) -> None:
    house.model.will([house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.dies()
    await is_now(house, TenantState.PAUSED)
    async with house.process() as desk:
        await desk.runs(60)
    assert house.channel.texts() == ["Sono una IA.", PAUSED]


async def test_the_admins_may_try_the_draft_of_a_paused_tenant(house: House) -> None:
    def work(chat: ChatWork) -> tuple[Draft, ...]:
        chat.switch(1, purpose=Purpose.PREVIEW)
        return ()

    anna = Client()
    house.model.will(reply("Uno."))
    async with house.process(rules(hosts=(1,))) as desk:
        await is_now(house, TenantState.PAUSED)
        desk.works["/preview"] = work
        await desk.answers(anna.commands("/preview"), seconds=1)
        await desk.answers(anna.writes("?"))
    assert house.channel.texts() == ["👁 Uno."]

"""How much is fetched at once of what came beside words: who sends much holds up nobody else."""

from dataclasses import dataclass, field, replace

import pytest

from bot.core.attachments import LARGEST_PICTURE_BYTES, MOST, Attachment
from bot.errors import RetryLater
from bot.ports import File
from bot.turns.places import AT_ONCE, LARGE_AT_ONCE, MOST_KEPT_BYTES, OF_ONE_CHAT
from tests.addresses import chat_at
from tests.fakes.channel import BOT, Client
from tests.fakes.model import reply
from tests.samples import jpeg
from tests.turns.attached import PICTURE, SPEECH, VOICE, sends, shown, told
from tests.turns.desk import House

FAILED = "it could not be got just now: it may be sent again, or written"


@dataclass(slots=True)
class Gate:
    """Nothing comes until it is let through; it counts who waits."""

    house: House
    waiting: dict[str, str] = field(default_factory=dict)  # files, and whose they are
    came: list[str] = field(default_factory=list)

    async def __call__(self, attachment: Attachment) -> None:
        self.waiting[attachment.file_id] = attachment.name
        while attachment.file_id in self.waiting:
            await self.house.clock.sleep(0.001)
        self.came.append(attachment.name)

    def lets_one_through(self) -> None:
        self.waiting.pop(next(iter(self.waiting)))


async def test_a_flood_holds_up_no_other_chat(house: House) -> None:
    chats, each = 20, MOST
    gate = Gate(house)
    house.channel.on_fetch = gate
    house.model.will(*[reply("Belle.")] * (chats + 1))
    async with house.process() as desk:
        for number in range(2, chats + 2):
            flooder, name = Client(number), str(number)
            await desk.hears(
                *(sends(house, flooder, PICTURE, jpeg(), name=name) for _ in range(each))
            )
        await desk.runs(5)
        assert len(gate.waiting) == AT_ONCE
        assert max(map([*gate.waiting.values()].count, gate.waiting.values())) <= OF_ONE_CHAT
        await desk.hears(sends(house, Client(), PICTURE, jpeg(), name="1"))
        await desk.runs(5)
        while "1" not in gate.came:
            gate.lets_one_through()
            await desk.runs(0.01)
        assert len(gate.came) <= chats * OF_ONE_CHAT + 1
        while gate.waiting:
            gate.lets_one_through()
            await desk.runs(0.01)
        await desk.runs(60)
    assert len(gate.came) == chats * each + 1


async def test_the_topics_of_a_group_are_one_chat(house: House) -> None:
    gate = Gate(house)
    house.channel.on_fetch = gate
    house.model.will(*[reply("Belle.")] * AT_ONCE)
    async with house.process() as desk:
        group = Client(-100)
        for topic in range(AT_ONCE):
            sent = sends(house, group, PICTURE, jpeg())
            await desk.hears(replace(sent, address=chat_at(BOT, -100, topic)))
        await desk.runs(5)
        assert len(gate.waiting) == OF_ONE_CHAT
        while gate.waiting:
            gate.lets_one_through()
            await desk.runs(0.01)
        await desk.runs(60)
    assert len(house.model.asked) == AT_ONCE


@pytest.mark.parametrize("size", [LARGEST_PICTURE_BYTES + 1, None])
async def test_of_what_is_large_less_is_fetched_at_once_and_the_small_pass_it(
    house: House, size: int | None
) -> None:
    gate = Gate(house)
    chats = LARGE_AT_ONCE + 2
    house.model.speeches.extend([""] * chats)
    house.model.will(*[reply("Sì.")] * (chats + 1))
    async with house.process() as desk:
        speech = [VOICE + bytes(LARGEST_PICTURE_BYTES)] * (2 if size is None else 1)
        house.channel.on_fetch = gate if size else None
        for number in range(2, chats + 2):
            await desk.hears(sends(house, Client(number), SPEECH, *speech, size=size))
        await desk.runs(5)
        assert len(gate.waiting) == (LARGE_AT_ONCE if size else 0)
        before = len(house.model.asked)
        house.channel.on_fetch = None
        await desk.answers(sends(house, Client(), PICTURE, jpeg()), seconds=10)
        assert len(house.model.asked) == before + 1
        while gate.waiting:
            gate.lets_one_through()
            await desk.runs(0.01)
        await desk.runs(60)
    assert len(house.model.asked) == chats + 1


async def test_who_rests_before_another_try_takes_up_no_place(house: House) -> None:
    resting = AT_ONCE + 1
    house.model.will(*[reply("Sì.")] * (resting + 1))
    async with house.process() as desk:
        for number in range(2, resting + 2):
            flooded = RetryLater(20, "429")
            await desk.hears(sends(house, Client(number), PICTURE, flooded, jpeg()))
        await desk.runs(5)
        assert not house.model.asked
        await desk.answers(sends(house, Client(), PICTURE, jpeg()), seconds=5)
        assert len(house.model.asked) == 1
        await desk.runs(60)
    assert len(house.model.asked) == resting + 1


async def test_what_is_shown_to_the_model_is_bounded_over_all_turns(house: House) -> None:
    anna = Client()
    house.model.speeches.append("Avete posto?")
    house.model.will(*[reply("Sì.")] * 3)
    async with house.process() as desk:
        places = desk.engine.scheduler.runner.attachments.places
        kept = places.keep(File("picture.png", "image/png", bytes(MOST_KEPT_BYTES)))
        await desk.answers(sends(house, anna, PICTURE, jpeg()))
        assert (told(house), shown(house)) == ([f"?\n⟦not looked at: {FAILED}⟧"], [])
        await desk.answers(sends(house, anna, SPEECH, VOICE))
        assert told(house) == ["?\n⟦heard in it⟧\nAvete posto?"]
        del kept
        await desk.answers(sends(house, anna, PICTURE, jpeg()))
        assert shown(house) == [jpeg()]
        house.model.asked.clear()
        assert not places.kept  # the turn is over


async def test_who_finds_no_room_has_it_as_soon_as_a_turn_is_over(house: House) -> None:
    house.model.will(reply("Bella."))
    async with house.process() as desk:
        places = desk.engine.scheduler.runner.attachments.places
        kept = places.keep(File("picture.png", "image/png", bytes(MOST_KEPT_BYTES)))
        await desk.hears(sends(house, Client(), PICTURE, jpeg()))
        await desk.runs(5)
        assert not house.model.asked
        del kept
        await desk.runs(30)
    assert shown(house) == [jpeg()]

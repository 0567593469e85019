"""A disk that is nearly full: what comes waits at Telegram, what is under way is finished."""

import pytest

from bot.core.texts import Text, say
from bot.errors import DiskFull
from tests.fakes.channel import Client
from tests.fakes.model import reply
from tests.turns.desk import House, rules

TOLD = say(Text.HOST_DISK_FULL, "it")


async def test_nothing_is_taken_on_and_nothing_is_lost(house: House) -> None:
    host, anna = Client(99), Client(1)
    house.model.will(reply("Dica."), reply("Sì."), reply("Alle 14."))
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(host.writes("Buongiorno"))
        await desk.hears(anna.writes("C'è posto?"))
        house.room, late = False, anna.writes("E quando?")
        for _ in range(3):
            with pytest.raises(DiskFull):
                await desk.hears(late)
            await desk.runs(30.0)
        assert "Sì." in house.channel.texts()
        assert house.channel.texts(99).count(TOLD) == 1

        house.room = True
        await desk.answers(late)
        assert house.channel.texts()[-1] == "Alle 14."


async def test_the_next_time_it_is_told_again(house: House) -> None:
    host = Client(99)
    house.model.will(reply("Dica."))
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(host.writes("Buongiorno"))
        for again in range(1, 3):
            house.room = False
            with pytest.raises(DiskFull):
                await desk.hears(host.writes("?"))
            await desk.runs(5.0)
            assert house.channel.texts(99).count(TOLD) == again
            house.room = True
            await desk.hears()

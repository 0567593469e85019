"""Telegram and a second channel, in one process on one database: the same product on both."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.core.attachments import AttachmentKind
from bot.core.texts import Text, say
from bot.core.texts.client import Access as AccessTexts
from bot.front.commands import own_words, what_is_kept
from bot.playground.openai import FaultKind, Then
from bot.playground.telegram.records import Upload
from bot.playground.voices import silence, with_words
from tests.crash.victim import points
from tests.fakes.letters import LONGEST
from tests.samples import jpeg
from tests.scenarios.clock import UNHURRIED
from tests.scenarios.letters import Correspondent, PostOffice
from tests.scenarios.stage import AI_NOTICE, HOTEL, TOKEN, WELCOME, Stage, on_stage
from tests.scenarios.test_answer_keys import YES_NO, offers
from tests.scenarios.test_attachments import what_was_shown
from tests.scenarios.town import Client, Town
from tests.scenarios.web import Surfer, serve_web

BUBBLES = ("Uno.", "Due.", "Tre.")
TELEGRAM = pytest.param("telegram", marks=pytest.mark.long)  # the other scenarios are of it
on_either = pytest.mark.parametrize("channel", [TELEGRAM, "letters", "web"])
# On a page a message is there once that is committed.
in_doubt = pytest.mark.parametrize("channel", [TELEGRAM, "letters"])


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    """The program does not run yet."""
    async with on_stage(database_url) as stage:
        office = PostOffice()
        office.channel.noted = stage.telegram.events.notify
        stage.entrances = (office,)
        town = Town(stage, office, await serve_web(stage))
        yield town
        await stage.closes()
        for surfer in town.surfers:
            await surfer.leaves()


@on_either
async def test_a_question_is_answered_in_bubbles(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    town.stage.will_say("Buongiorno!", "Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Buongiorno!", "Dalle 14:00.")


@on_either
async def test_the_conversation_goes_on(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    town.stage.will_say("Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Dalle 14:00.")
    town.stage.will_say("Fino alle 11:00.")
    anna.writes("E il check-out?")
    await anna.hears("Fino alle 11:00.")
    assert len({body["conversation"] for body in town.stage.asked()}) == 1


@on_either
async def test_several_messages_in_the_quiet_window_are_one_turn(town: Town, channel: str) -> None:
    await town.stage.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    anna = town.client(channel)
    town.stage.will_say("Certo.")
    for text in ("Buongiorno", "vorrei una camera", "per due"):
        anna.writes(text)
    await anna.hears(AI_NOTICE, "Certo.")
    assert town.stage.inputs() == [["Buongiorno", "vorrei una camera", "per due"]]


@on_either
async def test_a_short_answer_is_tapped(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    offers(town.stage, "Ha bagagli?")
    anna.writes("Vorrei una camera")
    await anna.hears(AI_NOTICE, "Ha bagagli?")
    await town.stage.until(lambda: anna.buttons() == YES_NO)
    await town.stage.settles()
    town.stage.will_say("Bene.")
    anna.presses("Sì")
    await anna.hears("Bene.")
    await town.stage.settles()
    assert (town.stage.inputs()[1], anna.buttons()) == (["Sì"], ["✓ Sì"])


async def test_each_channel_has_its_own_length_of_a_message(town: Town) -> None:
    await town.stage.opens()
    anna, bruno = town.client("telegram"), town.client("letters", "Bruno")
    long = "Il parcheggio è dietro la casa e la chiave del cancello è in portineria."
    assert len(long) > LONGEST
    for one in (anna, bruno):
        town.stage.will_say(long)
        one.writes("Dove parcheggio?")
        await one.hears(AI_NOTICE, long)
    assert len(town.office.channel.received("bruno@example.org")) == 3


async def test_one_number_on_two_channels_is_two_chats(town: Town) -> None:
    """The ids of a channel are its own: what looks like another's is not."""
    await town.stage.opens()
    anna = town.client("telegram")
    bruno = Correspondent(town.stage, town.office, str(anna.chat_id))
    town.stage.places.append(bruno)
    for one, name in ((anna, "Anna"), (bruno, "Bruno")):
        town.stage.will_say(f"Buongiorno, {name}.")
        one.writes(f"Sono {name}")
        await one.hears(AI_NOTICE, f"Buongiorno, {name}.")
    assert len({body["conversation"] for body in town.stage.asked()}) == 2


# ------------------------------------------------------------------------- what comes along

SENT = {
    AttachmentKind.PICTURE: jpeg(),
    AttachmentKind.SPEECH: with_words(silence(2), "Avete posto?"),
    AttachmentKind.FILE: b"Apriamo alle 8:30.",
}
MADE = {
    AttachmentKind.PICTURE: "",
    AttachmentKind.SPEECH: "\n⟦heard in it⟧\nAvete posto?",
    AttachmentKind.FILE: "\n⟦text in it⟧\nApriamo alle 8:30.",
}


def sends(client: Client, kind: AttachmentKind, words: str) -> None:
    """Something comes with these words."""
    if isinstance(client, Surfer):
        client.encloses("orari.txt", SENT[kind], words)
    elif isinstance(client, Correspondent):
        client.encloses(kind, "orari.txt", SENT[kind], words)
    elif kind is AttachmentKind.FILE:
        client.sends_file("orari.txt", SENT[kind], caption=words)
    else:
        name = "photo" if kind is AttachmentKind.PICTURE else "voice"
        client.sends(name, file=Upload(name, "", SENT[kind]), caption=words)


@on_either
@pytest.mark.parametrize("kind", AttachmentKind)
async def test_what_comes_along_is_looked_at_heard_or_read_once(
    town: Town, channel: str, kind: AttachmentKind
) -> None:
    stage = town.stage
    await stage.opens()
    anna = town.client(channel)
    stage.will_say("Ecco.")
    sends(anna, kind, "Che cos'è?")
    await anna.hears(AI_NOTICE, "Ecco.")
    (said,) = stage.inputs()
    assert said[0].endswith(f"Che cos'è?{MADE[kind]}")
    assert len(what_was_shown(stage)[0]) == (kind is AttachmentKind.PICTURE)
    stage.will_say("Ancora.")
    anna.writes("/new Riassuma")
    await anna.hears(say(Text.NEW, "it"), "Ancora.")
    assert len(town.office.channel.fetched) == (channel == "letters")
    made = MADE[kind].rpartition("\n")[2]
    assert any(made in text for text in await stage.everything_stored())


# ------------------------------------------------------------------------- commands


@on_either
async def test_a_welcome_says_that_an_ai_answers(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    town.stage.will_say("Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears("Dalle 14:00.")


@on_either
@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("/lock", say(AccessTexts.NOT_OPEN, "it")),
        ("/nonsense", say(Text.UNKNOWN_COMMAND, "it")),
    ],
)
async def test_a_command_is_answered(town: Town, channel: str, command: str, text: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    anna.writes(command)
    await anna.hears(text)


@on_either
async def test_each_channel_has_its_own_words(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    anna.writes("/help")
    await anna.hears(say(Text.HELP if channel == "telegram" else Text.HELP_WEB, "it"))
    anna.writes("/privacy")
    await anna.hears(what_is_kept(HOTEL, "it", host_days=365, channel=channel))


@on_either
async def test_a_fresh_start_answers_the_words_behind_it(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    town.stage.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Salve.")
    town.stage.will_say("Sì.")
    anna.writes("/new Avete posto?")
    await anna.hears(say(Text.NEW, "it"), "Sì.")
    assert len({body["conversation"] for body in town.stage.asked()}) == 2


@on_either
async def test_what_is_forgotten_is_gone(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    town.stage.will_say("Piacere, Anna.")
    anna.writes("Mi chiamo Anna Neri")
    await anna.hears(AI_NOTICE, "Piacere, Anna.")
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(own_words(Text.FORGOTTEN, channel, "it"))
    await town.stage.settles()
    stored = await town.stage.everything_stored()
    assert [text for text in stored if "Neri" in text or "Piacere" in text] == []


@on_either
async def test_a_secret_is_not_stored(town: Town, channel: str) -> None:
    await town.stage.opens()
    anna = town.client(channel)
    anna.writes(f"Il nostro bot: {TOKEN}")
    await anna.hears(say(AccessTexts.SECRET, "it"))
    assert [text for text in await town.stage.everything_stored() if TOKEN in text] == []


# ------------------------------------------------------------------------- killed and stopped


async def asks(town: Town, channel: str, *, first_ms: float = 0, delay_ms: float = 0) -> Client:
    """Someone who knows that an AI answers, and is about to be answered."""
    await town.stage.opens()
    anna = town.client(channel)
    town.stage.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Salve.")
    await town.stage.settles()
    if delay_ms:
        town.stage.clock.speed = UNHURRIED
    town.stage.will_say(*BUBBLES, first_ms=first_ms, delay_ms=delay_ms)
    anna.writes("Dica")
    return anna


@on_either
async def test_killed_while_the_model_thinks(town: Town, channel: str) -> None:
    stage = town.stage
    anna = await asks(town, channel, first_ms=5_000)
    await stage.until(lambda: len(stage.asked()) == 2)
    await stage.dies()
    stage.openai_fails(FaultKind.NONE, then=Then.DROP)
    stage.will_say(*BUBBLES)
    await stage.opens()
    await anna.hears(*BUBBLES)


@on_either
@pytest.mark.parametrize("point", ["T1", "T2", "T2b", "T4", "T5", "T6"])
async def test_killed_when_a_transaction_is_committed(town: Town, channel: str, point: str) -> None:
    stage = town.stage
    stage.clock.speed = UNHURRIED
    await stage.opens()
    anna = town.client(channel)
    stage.will_say(*BUBBLES, delay_ms=10)
    anna.writes("Dica")
    await stage.until(lambda: any(point in points(one) for one in stage.committed))
    await stage.dies()
    await stage.opens()
    await anna.hears(AI_NOTICE, *BUBBLES)
    await stage.settles()


@on_either
@pytest.mark.parametrize("ends", [Stage.dies, Stage.closes], ids=["killed", "stopped"])
async def test_between_two_bubbles(
    town: Town, channel: str, ends: Callable[[Stage], Awaitable[None]]
) -> None:
    anna = await asks(town, channel, delay_ms=10)
    await town.stage.until(lambda: len(anna.untold()) == 1)
    await ends(town.stage)
    await town.stage.opens()
    await anna.hears(*BUBBLES)


@in_doubt
async def test_killed_when_a_bubble_has_arrived_and_nobody_was_told(
    town: Town, channel: str
) -> None:
    """Telegram is searched; a letter is sent again under its key, and arrives once."""
    stage, box = town.stage, town.office.channel
    await stage.opens()
    anna = town.client(channel)
    held = hold(town, channel)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await stage.until(lambda: held() == 1)
    await stage.dies()
    stage.telegram.faults.release(lose=True)
    box.held = None
    await stage.opens()
    await anna.hears(AI_NOTICE, *BUBBLES)
    assert stage.telemetry.count("doubt settled") == 1


def hold(town: Town, channel: str) -> Callable[[], int]:
    """The answer to the next delivery is held back; how many are."""
    if channel == "telegram":
        town.stage.telegram_fails("hold_after")
        return lambda: town.stage.telegram.faults.held
    town.office.channel.hold()
    return lambda: town.office.channel.holding


@pytest.mark.parametrize("lost", ["answers_lost", "letters_lost"])
async def test_a_letter_of_which_nobody_knows_is_sent_again_at_once(town: Town, lost: str) -> None:
    await town.stage.opens()
    anna = town.client("letters")
    setattr(town.office.channel, lost, 2)
    town.stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(AI_NOTICE, *BUBBLES)
    assert town.stage.telemetry.count("doubt settled") == 2

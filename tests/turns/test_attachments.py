"""What came beside words: how much is fetched at once, how often it is tried, what is told."""

import pytest

from bot.core.attachments import (
    LARGEST_BYTES,
    LARGEST_FILES_BYTES,
    LARGEST_PICTURE_BYTES,
    LONGEST_SPEECH_SECONDS,
    LONGEST_TEXT,
    LONGEST_TEXTS,
    MOST,
    Attachment,
    AttachmentKind,
)
from bot.core.texts import Text, say
from bot.core.tokens import BULLET
from bot.errors import (
    GiveUp,
    InDoubt,
    OutOfCredit,
    RetryLater,
    TooMuch,
    Trouble,
    Unauthorized,
    Unserved,
    Why,
)
from bot.turns.hosts import TROUBLES
from tests.fakes.channel import Client
from tests.fakes.model import reply
from tests.samples import jpeg
from tests.turns.attached import FILE, PICTURE, SPEECH, VOICE, sends, shown, told
from tests.turns.desk import House, rules

HOST = Client(99)
TOKEN = f"4711000000:{'aB3' * 11}xY"
FAILED = "it could not be got just now: it may be sent again, or written"
GONE = "it cannot be had from here any more"
LARGE = "too large: at most 20 MB, a picture or a scan 5 MB"
CUT = RetryLater(1, "cut")


# ------------------------------------------------------------- what is too much


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        (SPEECH, {"seconds": LONGEST_SPEECH_SECONDS + 1}, "not heard: too long: at most 5 minutes"),
        (SPEECH, {"size": LARGEST_BYTES + 1}, f"not heard: {LARGE}"),
        (FILE, {"size": LARGEST_BYTES + 1}, f"not read: {LARGE}"),
        (PICTURE, {"size": LARGEST_BYTES + 1}, f"not looked at: {LARGE}"),
    ],
)
async def test_what_is_too_much_by_what_is_said_of_it_is_not_fetched(
    house: House, kind: AttachmentKind, said: dict[str, object], why: str
) -> None:
    house.model.will(reply("Peccato."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), kind, **said))
    assert (told(house), house.channel.fetched) == ([f"?\n⟦{why}⟧"], [])


@pytest.mark.parametrize("size", [None, 1, -1, LARGEST_PICTURE_BYTES])
async def test_who_says_less_or_nothing_is_found_out(house: House, size: int | None) -> None:
    content = [jpeg(padding=LARGEST_BYTES)] * 2
    house.model.will(reply("Peccato."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), FILE, *content, size=size))
    assert told(house) == [f"?\n⟦not read: {LARGE}⟧"]
    assert len(house.channel.fetched) == 2  # once within the lower bound, and once within the other


async def test_a_picture_is_not_fetched_beyond_what_is_looked_at(house: House) -> None:
    house.model.will(reply("Peccato."))
    async with house.process() as desk:
        picture = jpeg(padding=LARGEST_PICTURE_BYTES)
        await desk.answers(sends(house, Client(), PICTURE, picture))
    assert told(house) == [f"?\n⟦not looked at: {LARGE}⟧"]


async def test_what_is_larger_than_it_was_said_to_be_is_taken_within_the_limit(
    house: House,
) -> None:
    speech = VOICE + bytes(LARGEST_PICTURE_BYTES)
    house.model.speeches.append("Avete posto?")
    house.model.will(reply("Sì."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, speech, speech))
    assert told(house) == ["?\n⟦heard in it⟧\nAvete posto?"]


async def test_of_more_than_an_album_the_first_are_looked_at(house: House) -> None:
    anna = Client()
    house.model.will(reply("Belle."))
    async with house.process() as desk:
        await desk.answers(*(sends(house, anna, PICTURE, jpeg()) for _ in range(MOST + 2)))
    left = "?\n⟦not looked at: too much at once⟧"
    assert told(house) == [*["?"] * MOST, left, left]
    assert len(house.channel.fetched) == len(shown(house)) == MOST


async def test_files_are_shown_as_far_as_there_is_room(house: House) -> None:
    anna, size = Client(), LARGEST_PICTURE_BYTES - len(jpeg())
    fit = LARGEST_FILES_BYTES // LARGEST_PICTURE_BYTES
    house.model.will(reply("Belle."))
    async with house.process() as desk:
        photos = [sends(house, anna, PICTURE, jpeg(padding=size)) for _ in range(fit + 1)]
        await desk.answers(*photos)
    assert told(house) == [*["?"] * fit, "?\n⟦not looked at: too much at once⟧"]
    assert len(shown(house)) == fit


async def test_texts_are_told_as_far_as_there_is_room(house: House) -> None:
    anna = Client()
    fit = LONGEST_TEXTS // LONGEST_TEXT
    house.model.speeches.extend(["a" * (LONGEST_TEXT + 1)] * (fit + 1))
    house.model.will(reply("Quanto!"))
    async with house.process() as desk:
        await desk.answers(*(sends(house, anna, SPEECH, VOICE) for _ in range(fit + 1)))
    heard = f"?\n⟦heard in it⟧\n{'a' * LONGEST_TEXT}"
    assert told(house) == [*[heard] * fit, "?\n⟦not heard: too much at once⟧"]


# ------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("failures", [[CUT], [CUT, CUT]])
async def test_what_fails_in_passing_is_fetched_again(
    house: House, failures: list[Exception]
) -> None:
    house.model.will(reply("Bella."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), PICTURE, *failures, jpeg()))
    assert (told(house), shown(house)) == (["?"], [jpeg()])


@pytest.mark.parametrize(
    ("failures", "why"),
    [
        ([CUT, CUT, CUT], FAILED),
        ([RetryLater(3600, "429")], FAILED),
        ([GiveUp("404")], GONE),
        ([TooMuch("too big")], LARGE),
        ([b"GIF89a"], "of a kind that cannot be read here: text, PDF, Word, CSV and web pages can,"
         " and pictures as JPEG, PNG or WEBP"),
    ],
)  # fmt: skip
async def test_what_cannot_be_had_is_told_and_the_others_are_looked_at(
    house: House, failures: list[Exception], why: str
) -> None:
    anna = Client()
    house.model.will(reply("Bella."))
    async with house.process() as desk:
        lost = sends(house, anna, PICTURE, *failures)
        await desk.answers(lost, sends(house, anna, PICTURE, jpeg()))
    assert (told(house), shown(house)) == ([f"?\n⟦not looked at: {why}⟧", "?"], [jpeg()])
    assert len(house.channel.fetched) == len(failures) + 1


async def test_what_never_comes_leaves_the_model_its_time(house: House) -> None:
    anna = Client()

    async def hangs(attachment: Attachment) -> None:
        if attachment.name == "lost":
            await house.hangs()

    house.channel.on_fetch = hangs
    house.model.will(reply("Bella."))
    async with house.process() as desk:
        lost = sends(house, anna, PICTURE, name="lost")
        await desk.answers(lost, sends(house, anna, PICTURE, jpeg()), seconds=85)
        assert not house.model.asked
        await desk.runs(30)
    assert (told(house), shown(house)) == ([f"?\n⟦not looked at: {FAILED}⟧", "?"], [jpeg()])
    assert house.channel.texts()[-1] == "Bella."


async def test_a_transcription_that_fails_in_passing_is_tried_again(house: House) -> None:
    house.model.speeches.extend([RetryLater(1, "429"), "Avete posto?"])
    house.model.will(reply("Sì."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, VOICE, VOICE))
    assert told(house) == ["?\n⟦heard in it⟧\nAvete posto?"]
    assert house.model.heard == [("speech.ogg", VOICE, ("Hotel Aurora", "Assistente"))] * 2


@pytest.mark.parametrize(
    ("content", "speeches", "why"),
    [
        (VOICE, ["  "], "nothing can be heard in it"),
        (VOICE, [GiveUp("400 unsupported_format")], FAILED),
        (VOICE, [InDoubt("cut")], FAILED),
        (VOICE, [OutOfCredit(60, "429")], FAILED),
        (b"MZ\x90", [], "of a kind that cannot be read here: text, PDF, Word, CSV and web pages"
         " can, and pictures as JPEG, PNG or WEBP"),
    ],
)  # fmt: skip
async def test_why_nothing_was_heard_is_told(
    house: House, content: bytes, speeches: list[str | Exception], why: str
) -> None:
    house.model.speeches.extend(speeches)
    house.model.will(reply("Peccato."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, content))
    assert told(house) == [f"?\n⟦not heard: {why}⟧"]
    assert not house.model.speeches


async def test_that_the_key_is_refused_is_told_to_the_hosts_once(house: House) -> None:
    refused = Unauthorized("401").because(Why(status=401, trouble=Trouble.KEY_REFUSED))
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        for _ in range(2):
            house.model.speeches.append(refused)
            house.model.will([refused])
            await desk.answers(sends(house, anna, SPEECH, VOICE))
    assert house.channel.texts(99) == [say(TROUBLES[Trouble.KEY_REFUSED], "it")]


async def test_that_only_speech_is_refused_is_told_to_the_hosts_once_a_day(house: House) -> None:
    why = Why(status=404, code="model_not_found", trouble=Trouble.MODEL_UNKNOWN)
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        for _ in range(2):
            house.model.speeches.append(Unserved("404").because(why))
            house.model.will(reply("Scriva, per favore."))
            await desk.answers(sends(house, anna, SPEECH, VOICE))
    assert house.channel.texts(99) == [say(Text.HOST_DEAF, "it", cause="404 model_not_found")]


# ------------------------------------------------------------- what is kept


async def test_what_was_heard_is_hidden_where_it_opens_something(house: House) -> None:
    house.model.speeches.append(f"Il token è {TOKEN} ")
    house.model.will(reply("Attenzione."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, VOICE))
        (turn,) = (await desk.transcript()).turns
    assert told(house) == [f"?\n⟦heard in it⟧\nIl token è {BULLET * len(TOKEN)} "]
    assert TOKEN not in str(turn)


async def test_what_opens_something_is_hidden_where_a_text_is_cut(house: House) -> None:
    before = "a" * (LONGEST_TEXT - 20)
    house.model.speeches.append(f"{before} {TOKEN}")
    house.model.will(reply("Attenzione."))
    async with house.process() as desk:
        await desk.answers(sends(house, Client(), SPEECH, VOICE))
    assert told(house) == [f"?\n⟦heard in it⟧\n{before} {BULLET * 19}"]


async def test_a_turn_that_is_taken_over_tells_the_same_and_fetches_pictures_alone(
    house: House,
) -> None:
    anna = Client()
    house.model.speeches.append("Avete posto?")
    house.model.will([house.hangs], reply("Sì."))
    async with house.process() as desk:
        voice = sends(house, anna, SPEECH, VOICE)
        late = sends(house, anna, PICTURE, CUT, CUT, CUT)
        photo = sends(house, anna, PICTURE, jpeg(), jpeg())
        await desk.answers(voice, late, photo)
        first = told(house)
        await desk.dies()
    async with house.process() as desk:
        await desk.runs(120)
    assert told(house) == first
    assert shown(house) == [jpeg()]
    assert len(house.model.heard) == 1

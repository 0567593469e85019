"""What clients send beside words: looked at, heard or read, and kept for as long as the words."""

from dataclasses import replace
from itertools import chain

import pytest

from bot.core.attachments import LARGEST_PICTURE_BYTES, LONGEST_TEXT, MOST
from bot.core.texts import Text, say
from bot.playground.telegram.records import Upload
from bot.playground.voices import silence, with_words
from tenants.values import Scans
from tests.files.samples import pdf
from tests.samples import data_url, jpeg, png
from tests.scenarios.people import FILES, Json
from tests.scenarios.stage import AI_NOTICE, Stage

only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
VOICE = Upload("voice.oga", "audio/ogg", with_words(silence(2), "Avete posto?"))
SPOKEN = "⟦voice message: 0:02⟧"


async def test_a_photo_is_looked_at(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("La Classic.")
    anna.sends("photo", caption="Che camera è?")
    await anna.hears(AI_NOTICE, "La Classic.")
    assert stage.inputs() == [["⟦photo⟧\nChe camera è?"]]
    picture = data_url("image/jpeg", FILES["photo"].content)
    assert what_was_shown(stage) == [
        [{"type": "input_image", "image_url": picture, "detail": "high"}],
    ]


async def test_an_album_without_words_is_one_turn(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Belle!")
    for _ in range(5):
        anna.sends("photo", album="vacanze")
    await anna.hears(AI_NOTICE, "Belle!")
    assert (stage.inputs(), len(what_was_shown(stage)[0])) == ([["⟦photo⟧"] * 5], 5)


@only_sqlite
async def test_of_a_flood_as_much_is_looked_at_as_an_album_has(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Troppe!")
    for _ in range(MOST + 2):
        anna.sends("photo", album="vacanze")
    await anna.hears(AI_NOTICE, "Troppe!")
    (said,) = stage.inputs()
    left = "⟦photo⟧\n⟦not looked at: too much at once⟧"
    assert said == ["⟦photo⟧"] * MOST + [left] * 2
    assert len(what_was_shown(stage)[0]) == MOST
    assert len(stage.telegram.calls.of("getFile")) == MOST


async def test_what_is_said_in_a_voice_message_is_heard_once(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Sì.")
    anna.sends("voice", file=VOICE)
    await anna.hears(AI_NOTICE, "Sì.")
    assert stage.inputs() == [[f"{SPOKEN}\n⟦heard in it⟧\nAvete posto?"]]
    stored = await stage.rows("SELECT payload FROM updates WHERE kind = 'message'")
    assert "Avete posto?" in stored[0][0]


async def test_what_was_heard_and_shown_goes_with_the_words(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Sì.")
    anna.sends("voice", file=VOICE)
    await anna.hears(AI_NOTICE, "Sì.")
    stage.will_say("Bella!")
    anna.sends("photo")
    await anna.hears("Bella!")
    assert stage.openai.state.media()
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    assert not [text for text in await stage.everything_stored() if "Avete posto" in text]
    await stage.until(lambda: not stage.openai.state.conversations)
    await stage.until(lambda: not stage.openai.state.responses)
    assert stage.openai.state.media() == []


async def test_a_file_is_read_though_nobody_wrote_a_word(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("24 €.")
    anna.sends_file("menu.pdf", pdf("Risotto: 24 euro"), caption="Quanto costa?")
    await anna.hears(AI_NOTICE, "24 €.")
    stage.will_say("Letto.")
    anna.sends_file("orari.txt", b"Apriamo alle 8:30.")
    await anna.hears("Letto.")
    assert stage.inputs() == [
        ["⟦document: menu.pdf⟧\nQuanto costa?\n⟦text in it⟧\nRisotto: 24 euro"],
        ["⟦document: orari.txt⟧\n⟦text in it⟧\nApriamo alle 8:30."],
    ]


@only_sqlite
async def test_of_a_long_file_the_beginning_is_read(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Lungo!")
    anna.sends_file("romanzo.txt", b"a" * (LONGEST_TEXT + 1))
    await anna.hears(AI_NOTICE, "Lungo!")
    beginning = f"⟦the beginning of the text in it⟧\n{'a' * LONGEST_TEXT}"
    assert stage.inputs() == [[f"⟦document: romanzo.txt⟧\n{beginning}"]]


@only_sqlite
async def test_a_picture_that_came_as_a_file_is_looked_at(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Bello.")
    anna.sends_file("pianta.pdf", png())  # whatever its name says
    await anna.hears(AI_NOTICE, "Bello.")
    (shown,) = what_was_shown(stage)
    assert [part["image_url"] for part in shown] == [data_url("image/png", png())]


@only_sqlite
async def test_the_pages_of_a_scan_are_looked_at(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Il contratto.")
    anna.sends_file("contratto.pdf", pdf(""))
    await anna.hears(AI_NOTICE, "Il contratto.")
    (shown,) = what_was_shown(stage)
    assert [(part["filename"], part["detail"]) for part in shown] == [("contratto.pdf", "low")]
    assert stage.inputs() == [["⟦document: contratto.pdf⟧"]]


@only_sqlite
async def test_so_they_are_not_where_the_company_does_not_want_it(stage: Stage) -> None:
    await stage.publishes(scans=Scans.UNREAD)
    anna = stage.person("Anna")
    stage.will_say("Peccato.")
    anna.sends_file("contratto.pdf", pdf(""))
    await anna.hears(AI_NOTICE, "Peccato.")
    assert what_was_shown(stage) == [[]]
    why = "not read: there is no text in it, perhaps pictures of pages"
    assert stage.inputs() == [[f"⟦document: contratto.pdf⟧\n⟦{why}⟧"]]


@only_sqlite
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("chiuso.pdf", pdf("Segreto", password="x"), "it has a password"),
        ("rotto.pdf", b"%PDF-1.7 rotto", "it is damaged"),
        ("programma.exe", b"MZ\x90", "of a kind that cannot be read here: text, PDF, Word, CSV and"
         " web pages can, and pictures as JPEG, PNG or WEBP"),
        ("foto.jpg", jpeg(padding=LARGEST_PICTURE_BYTES), "too large: at most 20 MB, a picture or"
         " a scan 5 MB"),
    ],
)  # fmt: skip
async def test_why_a_file_was_not_read_is_told(
    stage: Stage, name: str, content: bytes, why: str
) -> None:
    anna = stage.person("Anna")
    stage.will_say("Peccato.")
    anna.sends_file(name, content)
    await anna.hears(AI_NOTICE, "Peccato.")
    assert stage.inputs() == [[f"⟦document: {name}⟧\n⟦not read: {why}⟧"]]


@only_sqlite
async def test_silence_is_told_as_such(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Non sento.")
    anna.sends("voice", file=replace(VOICE, content=with_words(silence(2), "")))
    await anna.hears(AI_NOTICE, "Non sento.")
    assert stage.inputs() == [[f"{SPOKEN}\n⟦not heard: nothing can be heard in it⟧"]]


async def test_who_takes_a_turn_over_hears_nothing_again(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Buongiorno!")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Buongiorno!")
    stage.telegram_fails("hold_before")
    stage.will_say("Sì.")
    anna.sends("voice", file=VOICE)
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.dies()
    await stage.opens()
    await anna.hears("Sì.")
    assert transcribed(stage) == 1


@only_sqlite
async def test_what_cannot_be_had_just_now_is_told(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.may_warn("attachment failed")
    stage.telegram_fails("500", method="getFile", count=None)
    stage.will_say("Non si apre.")
    anna.sends("photo")
    await anna.hears(AI_NOTICE, "Non si apre.")
    told = "it could not be got just now: it may be sent again, or written"
    assert stage.inputs() == [[f"⟦photo⟧\n⟦not looked at: {told}⟧"]]


@only_sqlite
async def test_a_failure_in_passing_is_got_over(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.telegram_fails("500", method="getFile", count=2)
    stage.will_say("Bella!")
    anna.sends("photo")
    await anna.hears(AI_NOTICE, "Bella!")
    assert len(what_was_shown(stage)[0]) == 1


@only_sqlite
async def test_a_model_that_looks_at_no_pictures_answers_the_words(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.openai.refused["gpt-6-luna"] = {"input_image"}
    stage.will_say("Non la vedo.")
    anna.sends("photo", caption="Che camera è?")
    await anna.hears(AI_NOTICE, "Non la vedo.")
    assert stage.inputs()[-1][-1] == "⟦photo⟧\nChe camera è?"


@only_sqlite
async def test_in_a_group_a_photo_is_looked_at_that_somebody_asks_about(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    photo = anna.sends("photo", to=group)
    stage.will_say("La terrazza.")
    bruno.writes("@aurora_bot che cos'è?", to=group, reply_to=photo)
    await group.receives(2)
    assert len(what_was_shown(stage)[0]) == 1


def what_was_shown(stage: Stage) -> list[list[Json]]:
    """What was shown beside the words in each request, as it was sent."""
    items = ((i["content"] for i in body.get("input", ())) for body in stage.asked())
    parts = (chain.from_iterable(c for c in one if not isinstance(c, str)) for one in items)
    return [[part for part in those if part["type"] != "input_text"] for those in parts]


def transcribed(stage: Stage) -> int:
    """How often somebody was to be heard."""
    return [one.path for one in stage.openai.records.requests].count("/v1/audio/transcriptions")

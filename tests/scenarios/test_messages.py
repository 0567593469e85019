"""What clients send besides plain words."""

from typing import Any

import pytest

from bot.core.texts import Text, say
from tests.scenarios.people import STORY
from tests.scenarios.stage import AI_NOTICE, Stage

NOT_UNDERSTOOD = say(Text.NOT_UNDERSTOOD, "it")
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"sticker": {"file_id": "x", "emoji": "😀"}}, "⟦sticker: 😀⟧"),
        ({"location": {"latitude": 45.44, "longitude": 10.99}}, "⟦location: 45.44000 10.99000⟧"),
        (
            {
                "venue": {
                    "location": {"latitude": 45.44, "longitude": 10.99},
                    "title": "Arena",
                    "address": "Piazza Bra 1",
                },
                "location": {"latitude": 45.44, "longitude": 10.99},
            },
            "⟦place: Arena, Piazza Bra 1, 45.44000 10.99000⟧",
        ),
        (
            {"contact": {"first_name": "Ada", "phone_number": "+39 045 1", "vcard": "BEGIN"}},
            "⟦contact: Ada, +39 045 1⟧",
        ),
        (
            {"poll": {"question": "Quando?", "options": [{"text": "Oggi"}, {"text": "Mai"}]}},
            "⟦poll: Quando?, Oggi, Mai⟧",
        ),
        ({"dice": {"emoji": "🎲", "value": 6}}, "⟦dice: 🎲, 6⟧"),
    ],
)
async def test_the_model_is_told_of_what_has_no_words(
    stage: Stage, content: dict[str, Any], told: str
) -> None:
    anna = stage.person("Anna")
    stage.will_say("Ecco.")
    anna.shares(**content)
    await anna.hears(AI_NOTICE, "Ecco.")
    assert stage.inputs() == [[told]]


@only_sqlite
async def test_what_nobody_can_open_here_is_answered_politely(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.shares(story=STORY)
    await anna.hears(NOT_UNDERSTOOD)


@only_sqlite
async def test_the_words_under_a_photo_are_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Bella!")
    anna.sends("photo", caption="La nostra camera")
    await anna.hears(AI_NOTICE, "Bella!")
    assert stage.inputs() == [["⟦photo⟧\nLa nostra camera"]]


@pytest.mark.parametrize("captioned", [0, 4])
async def test_an_album_with_words_gets_one_answer(stage: Stage, captioned: int) -> None:
    anna = stage.person("Anna")
    stage.will_say("Belle!")
    for number in range(5):
        anna.sends("photo", album="vacanze", caption="Da voi" if number == captioned else "")
    await anna.hears(AI_NOTICE, "Belle!")


@only_sqlite
async def test_a_message_that_was_deleted_meanwhile_is_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Dalle 14:00.")
    anna.deletes(anna.writes("A che ora è il check-in?"))
    await anna.hears(AI_NOTICE, "Dalle 14:00.")


@only_sqlite
async def test_the_model_sees_what_a_reply_answers(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Abbiamo la Classic.", "Abbiamo la Superior.")
    anna.writes("Che camere avete?")
    (_, classic, _) = await anna.receives(3)
    stage.will_say("120 €.")
    anna.writes("Quanto costa?", reply_to=classic["message_id"])
    await anna.hears("120 €.")
    assert stage.inputs()[1] == ["⟦in reply to you⟧\n⟦quoted: Abbiamo la Classic.⟧\nQuanto costa?"]


@only_sqlite
async def test_the_model_sees_what_was_forwarded(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("No, apriamo alle 14:00.")
    origin = {"type": "hidden_user", "sender_user_name": "Bruno", "date": 1}
    anna.shares(text="Il check-in è alle 12:00", forward_origin=origin)
    await anna.hears(AI_NOTICE, "No, apriamo alle 14:00.")
    assert stage.inputs() == [["⟦forwarded from: Bruno⟧\nIl check-in è alle 12:00"]]


@only_sqlite
async def test_the_model_sees_the_post_that_is_asked_about(stage: Stage) -> None:
    anna = stage.person("Anna")
    news = {"id": -1009, "type": "channel", "title": "Aurora News"}
    post = {"type": "channel", "chat": news, "message_id": 4, "date": 1}
    stage.will_say("Sì, fino a domenica.")
    anna.shares(
        text="Vale ancora?",
        external_reply={"origin": post, "link_preview_options": {"url": "https://aurora.it/"}},
        quote={"text": "Sconto del 20%", "position": 0},
    )
    await anna.hears(AI_NOTICE, "Sì, fino a domenica.")
    assert stage.inputs() == [
        [
            "⟦in reply to a message from elsewhere, by the channel: Aurora News⟧\n"
            "⟦quoted: Sconto del 20%⟧\nVale ancora?"
        ]
    ]


@only_sqlite
async def test_the_model_sees_the_address_behind_a_word(stage: Stage) -> None:
    anna = stage.person("Anna")
    link = {"type": "text_link", "offset": 10, "length": 6, "url": "https://x.it/camera"}
    stage.will_say("Sì, è la nostra.")
    anna.shares(text="È vostra, questa?", entities=[link])
    await anna.hears(AI_NOTICE, "Sì, è la nostra.")
    assert stage.inputs() == [
        ["⟦link: https://x.it/camera⟧\n⟦behind the words: questa⟧\nÈ vostra, questa?"]
    ]


@only_sqlite
async def test_blanks_alone_are_no_words(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.shares(text="\n \n")
    await anna.hears(NOT_UNDERSTOOD)


@only_sqlite
async def test_an_update_that_was_not_asked_for_is_ignored(stage: Stage) -> None:
    stage.injects(channel_post={"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}})
    stage.injects(message_reaction={"chat": {"id": 1, "type": "private"}})
    await stage.settles()
    assert stage.asked() == []

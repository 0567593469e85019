"""/knowledge: text and files in and out of the draft."""

from typing import Any

import pytest

from bot.core.attachments import LARGEST_BYTES
from bot.core.figures import number
from bot.core.texts import Key, Text, say
from bot.core.texts.desk import Desk
from bot.core.texts.profile import CompanyCard, Configure
from bot.core.texts.profile import Knowledge as Say
from bot.telegram.admin.company_card import pages
from tenants.values import KNOWLEDGE_CHARACTERS
from tests.files.samples import docx, pdf
from tests.scenarios.admins import admin, draft
from tests.scenarios.cards import has_heard, last, sees, sees_company
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage

PRICES = b"Camera;Prezzo\nDoppia;120 EUR\n"
PRICES_TEXT = "Camera | Prezzo\n\nCamera: Doppia\nPrezzo: 120 EUR"


def it(text: Say, **values: Any) -> str:
    return say(text, "it", **values)


def told(*parts: str) -> str:
    return "\n\n".join(("Hotel Aurora", *parts))


def total(text: str = "") -> str:
    """What all of it comes to, and that it is not published."""
    whole = [it(Say.TOTAL_NOW, pages=pages(text, "it"))] if text else []
    return "\n\n".join((*whole, it(Say.DRAFTED)))


async def opened(closed: Stage) -> Person:
    """An admin who looks at the card."""
    ada = await admin(closed)
    ada.writes("/knowledge")
    await ada.receives(1)
    return ada


async def asked_for_a_file(closed: Stage) -> Person:
    ada = await opened(closed)
    ada.presses(it(Say.FILE))
    await ada.hears(told(it(Say.ASK_FILE, megabytes=20)))
    return ada


async def test_tokens_in_a_file_are_not_kept(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    token = b"987654321:AAH-x_secretsecret\nsecretsecretsecre"
    ada.sends_file("note.txt", b"Il bot: " + token + b"\nDoppia: 120 EUR\n")
    await ada.receives(1)
    ((source,),) = [(await draft(closed))["sources"]]
    assert source["text"].endswith("•\nDoppia: 120 EUR")
    assert "secret" not in source["text"]


async def with_prices(closed: Stage) -> Person:
    """An admin whose draft has one source."""
    ada = await asked_for_a_file(closed)
    ada.sends_file("tariffe.csv", PRICES)
    await ada.receives(1)
    return ada


async def sources(stage: Stage) -> list[tuple[str, str]]:
    return [(one["name"], one["text"]) for one in (await draft(stage)).get("sources") or []]


async def test_a_file_becomes_a_source_of_the_draft(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    ada.sends_file("tariffe.csv", PRICES)
    new = it(Say.SOURCE_NEW, name="tariffe.csv", pages=pages(PRICES_TEXT, "it"))
    await ada.hears(told(new, total(PRICES_TEXT), it(Say.GO_ON)))

    assert await sources(closed) == [("tariffe.csv", PRICES_TEXT)]
    assert await closed.count("SELECT max(version) FROM profiles") == 1
    assert await closed.rows("SELECT actor, action, subject, old FROM audit") == [
        ("Ada", "draft changed", "sources tariffe.csv", None)
    ]


async def test_the_card_lists_name_size_day_and_price(closed: Stage) -> None:
    ada = await with_prices(closed)
    ada.presses(it(Say.DONE))
    await closed.settles()
    ada.writes("/knowledge")
    (card,) = await ada.receives(1)

    assert f"📄 tariffe.csv: {pages(PRICES_TEXT, 'it')}, " in card["text"]
    assert it(Say.PASTED_NONE) in card["text"]
    assert "€ per 10.000 risposte" in card["text"]
    assert card["text"].endswith(it(Say.DRAFTED))


async def test_a_file_of_a_known_name_takes_its_place(closed: Stage) -> None:
    ada = await with_prices(closed)
    ada.writes("/knowledge")
    await ada.receives(1)
    ada.presses(it(Say.FILE))
    await ada.receives(1)
    ada.sends_file("TARIFFE.csv", b"Solo camere doppie.")
    now = it(Say.SOURCE_NOW, name="TARIFFE.csv", pages=pages("x", "it"))
    await ada.hears(told(now, total("Solo camere doppie."), it(Say.GO_ON)))

    assert await sources(closed) == [("TARIFFE.csv", "Solo camere doppie.")]


async def test_a_source_is_replaced_lengthened_sent_and_removed(closed: Stage) -> None:
    ada = await with_prices(closed)
    ada.writes("/knowledge")
    await ada.receives(1)
    ada.presses("📄 tariffe.csv")
    await closed.until(lambda: it(Say.REPLACE) in ada.buttons())
    ada.presses(it(Say.REPLACE))
    await ada.hears(told(it(Say.ASK_REPLACE, name="tariffe.csv")))
    ada.sends_file("prezzi.docx", docx("Doppia 140 EUR"))
    await ada.receives(1)
    assert await sources(closed) == [("prezzi.docx", "Doppia 140 EUR")]

    ada.writes("/knowledge")
    await ada.receives(1)
    ada.presses("📄 prezzi.docx")
    await closed.until(lambda: ada.buttons().count(it(Say.EXTEND)) > 1)
    ada.presses(it(Say.EXTEND))
    await ada.hears(told(it(Say.ASK_EXTEND, name="prezzi.docx")))
    ada.writes("Suite 300 EUR")
    await ada.receives(1)
    assert await sources(closed) == [("prezzi.docx", "Doppia 140 EUR\n\nSuite 300 EUR")]

    ada.presses(it(Say.DOWNLOAD))
    (sent,) = await ada.receives(1)
    assert sent["document"]["file_name"] == "prezzi.docx.txt"
    ada.presses(it(Say.REMOVE))
    await sees(ada, it(Say.REALLY_REMOVE, name="prezzi.docx"))
    ada.presses(it(Say.YES_REMOVE))
    removed = it(Say.SOURCE_REMOVED, name="prezzi.docx")
    await ada.hears(told(removed, total()))
    assert await draft(closed) == {}

    ada.presses(it(Say.REMOVE))  # on a card of before
    presses = closed.telegram.calls
    await closed.until(
        lambda: it(Say.GONE) in [c.params.get("text") for c in presses.of("answerCallbackQuery")]
    )


async def test_a_long_text_that_telegram_cut_is_put_together(closed: Stage) -> None:
    ada = await opened(closed)
    ada.presses(it(Say.PASTE))
    await ada.hears(told(it(Say.ASK_PASTE)))
    long = "Colazione. " * 365 + "Pranzo."
    ada.writes(long)
    (first,) = await ada.receives(1)
    assert it(Say.GO_ON) in first["text"]
    ada.writes("Parcheggio.")
    await ada.receives(1)

    assert (await draft(closed))["knowledge"] == f"{long}\nParcheggio."
    closed.will_say("Buongiorno!")
    ada.writes("Ciao")  # nothing is asked any more
    await ada.hears(AI_NOTICE, "Buongiorno!")


async def test_words_behind_the_command_are_added_and_the_text_is_cleared(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/knowledge Wi-Fi gratuito.")
    now = it(Say.PASTED_NOW, pages=pages("x", "it"))
    await ada.hears(told(now, total("Wi-Fi gratuito.")))
    ada.writes("/knowledge Parcheggio a pagamento.")
    await ada.receives(1)
    assert (await draft(closed))["knowledge"] == "Wi-Fi gratuito.\n\nParcheggio a pagamento."

    ada.writes("/knowledge")
    await ada.receives(1)
    ada.presses(it(Say.CLEAR))
    await sees(ada, it(Say.REALLY_CLEAR, pages=pages("x", "it")))
    ada.presses(it(Say.YES_REMOVE))
    await ada.hears(told(it(Say.PASTED_CLEARED), total()))
    assert await draft(closed) == {}


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("scansione.pdf", pdf("", ""), Say.TEXT_MISSING),
        ("segreto.pdf", pdf("hello", password="x"), Say.ENCRYPTED),
        ("tariffe.xls", b"hello", Say.UNSUPPORTED),
        ("bomba.docx", docx("hello", extra=b"0" * 80 * 1024**2), Say.TOO_LARGE),
        ("enorme.txt", b"x" * (LARGEST_BYTES + 1), Say.TOO_LARGE),
        ("lungo.txt", b"x " * KNOWLEDGE_CHARACTERS, Say.TEXT_TOO_LONG),
        ("rotto.docx", b"hello", Say.BROKEN),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_file_without_text_says_what_to_do_and_another_may_follow(
    closed: Stage, name: str, content: bytes, advice: Say
) -> None:
    ada = await asked_for_a_file(closed)
    ada.sends_file(name, content)
    limit = number(KNOWLEDGE_CHARACTERS, "it")
    await ada.hears(told(it(advice, name=name, limit=limit, megabytes=20)))

    ada.sends_file("tariffe.csv", PRICES)
    await ada.receives(1)
    assert await sources(closed) == [("tariffe.csv", PRICES_TEXT)]


async def test_what_is_no_text_keeps_the_question_open(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    ada.sends("voice")
    await ada.hears(told(it(Say.SEND_TEXT_OR_FILE)))
    ada.writes("Allora lo scrivo.")
    await ada.receives(1)

    assert (await draft(closed))["knowledge"] == "Allora lo scrivo."


async def test_telegram_may_fail_to_hand_the_file_over(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    closed.telegram_fails("500", method="getFile")
    ada.sends_file("tariffe.csv", PRICES)
    await ada.hears(told(it(Say.NOT_FETCHED, name="tariffe.csv")))


async def test_files_sent_together_are_all_taken(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    ada.sends_file("uno.txt", b"Uno", album="7")
    ada.sends_file("due.txt", b"Due", album="7")
    await ada.receives(2)
    assert await sources(closed) == [("uno.txt", "Uno"), ("due.txt", "Due")]

    ada.presses(it(Say.DONE))
    await closed.settles()
    ada.writes("/cancel")
    (said,) = await ada.receives(1)
    assert said["text"] != ""
    assert (await draft(closed)).keys() == {"sources"}


async def test_files_sent_one_after_another_are_all_taken(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    for name in ("uno.txt", "due.txt", "tre.txt"):
        ada.sends_file(name, name.encode())
        assert it(Say.GO_ON) in await last(ada)
    assert [name for name, _ in await sources(closed)] == ["uno.txt", "due.txt", "tre.txt"]

    ada.writes("/cancel")
    await ada.hears(say(Desk.CANCELLED, "it"))
    ada.sends_file("quattro.txt", b"Quattro")
    await ada.hears(told(say(Desk.FILE_UNASKED, "it")))


@pytest.mark.parametrize("key", [Say.DONE, CompanyCard.TRY, Configure.BUTTON_PUBLISH])
async def test_a_key_ends_the_question_for_files(closed: Stage, key: Key) -> None:
    ada = await with_prices(closed)
    ada.presses(say(key, "it"))
    await has_heard(ada)
    ada.writes("/cancel")
    await ada.hears(say(Desk.NOTHING_TO_CANCEL, "it"))


async def test_more_than_fits_changes_nothing(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    ada.sends_file("metà.txt", b"x" * (KNOWLEDGE_CHARACTERS // 2))
    await ada.receives(1)
    ada.writes("/knowledge")
    await ada.receives(1)
    ada.presses(it(Say.FILE))
    await ada.receives(1)
    ada.sends_file("troppo.txt", b"y" * (KNOWLEDGE_CHARACTERS // 2 + 1))
    limit = number(KNOWLEDGE_CHARACTERS, "it")
    await ada.hears(told(it(Say.TOO_MUCH, limit=limit)))

    assert [name for name, _ in await sources(closed)] == ["metà.txt"]


async def test_what_is_published_is_what_the_model_reads(closed: Stage) -> None:
    anna = closed.person("Anna")
    await closed.publishes(sources=[{"name": "tariffe.csv", "text": PRICES_TEXT}])
    await closed.opens()
    closed.will_say("120 euro.")
    anna.writes("Quanto costa la doppia?")
    await anna.hears(AI_NOTICE, "120 euro.")

    assert f"# tariffe.csv\n\n{PRICES_TEXT}\n" in closed.asked()[-1]["instructions"]


async def test_the_button_of_the_profile_opens_the_card_without_a_complaint(closed: Stage) -> None:
    ada = await admin(closed)
    ada.finds_button("Conoscenze", data="knowledge:1:")
    ada.presses("Conoscenze")
    await closed.until(lambda: it(Say.FILE) in ada.buttons() and closed.answered_presses() == 1)

    [call] = closed.telegram.calls.of("answerCallbackQuery")
    assert "text" not in call.params


async def test_from_the_card_back_to_the_profile(closed: Stage) -> None:
    ada = await asked_for_a_file(closed)
    ada.presses(say(Configure.BUTTON_BACK, "it"))
    await sees_company(ada)
    closed.will_say("Buongiorno!")
    ada.writes("Ciao")  # nothing is asked any more
    await ada.hears(AI_NOTICE, "Buongiorno!")


@pytest.mark.parametrize(
    "words",
    ["source", "source 00000000", "get ²", "show 99", "show -1", "show ²"],
)
async def test_a_button_from_another_time_shows_what_is_there(closed: Stage, words: str) -> None:
    ada = await admin(closed)
    ada.finds_button("vecchio", data=f"knowledge:1:{words}")
    ada.presses("vecchio")
    await closed.until(lambda: it(Say.FILE) in ada.buttons())


async def test_a_client_knows_no_such_command(closed: Stage) -> None:
    await closed.opens(admin_ids=(999,))
    anna = closed.person("Anna")
    anna.writes("/knowledge")
    await anna.hears(say(Text.UNKNOWN_COMMAND, "it"))

"""A code is hidden however and wherever it is written, and nobody guesses faster by that."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.core.spellings import plain
from bot.turns.redact import LOOKUP_SECONDS, LOOKUPS, Redaction
from db.codes import IssueCode
from db.engine import Database
from db.models import secrets, updates
from db.records import TELEGRAM, Incoming, UpdateKind
from db.unlocking import TRIES
from tests.core.sentences import SENTENCES
from tests.core.test_spellings import WRITTEN
from tests.db.desk import ANNA, Desk
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.turns.test_redact import (
    ADMIN,
    CODE,
    VAULT,
    desk,
    guesses,
    hear,
    issue,
    redaction,
    refused,
    said,
    texts,
)

__all__ = ["desk", "redaction"]  # fixtures
GROUP = -5


async def stored(desk: Desk) -> str:
    """The letters and digits of all that is stored."""
    rows = await desk.stored(updates)
    return plain(" ".join(json.dumps(json.loads(row.payload), ensure_ascii=False) for row in rows))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_however_it_is_written_it_is_hidden_and_tried(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    batch = [said(n, f"Ho {text} e poi?") for n, text in enumerate(WRITTEN, 1)]
    accepted = await hear(desk, redaction, *batch)
    assert plain(CODE) not in await stored(desk)
    assert len(accepted.events) == len(WRITTEN)
    assert await refused(desk) == 0
    for event in accepted.events:
        held = [plain(one.text) for one in await redaction.secrets(event.row)]
        assert held == [plain(CODE)]


@pytest.mark.parametrize(
    "fields",
    [
        {"caption": "ho AB12 CD34"},
        {"reply_to_message": {"text": "ho AB12 CD34"}},
        {"quote": {"text": "ab12cd34"}},
        {"entities": [{"type": "text_link", "url": "https://example.com/AB12CD34"}]},
        {"document": {"file_name": "AB12_CD34.pdf"}},
        {"from": {"first_name": "Anna AB12–CD34"}},
        {"external_reply": {"document": {"file_name": "ab12.cd34"}}},
    ],
)
async def test_wherever_it_stands_it_is_hidden(
    desk: Desk, redaction: Redaction, fields: dict[str, Any]
) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, said(1, "Ecco", **fields))
    assert plain(CODE) not in await stored(desk)


async def test_in_an_edit_it_is_hidden_too(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    edit = json.dumps({"update_id": 1, "edited_message": {"text": "ab12 cd34", "message_id": 1}})
    await hear(desk, redaction, replace(said(1, ""), payload=edit, kind=UpdateKind.EDIT))
    assert plain(CODE) not in await stored(desk)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_no_ordinary_sentence_is_hidden_counted_or_left_without_its_turn(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    for at in range(0, len(SENTENCES), 100):
        batch = [said(at + n, text) for n, text in enumerate(SENTENCES[at : at + 100], 1)]
        kept = await redaction.redact(ANNA, batch)
        assert [one.payload for one in kept] == [one.payload for one in batch]
        assert {(one.kind, one.wrong_codes) for one in kept} == {(UpdateKind.MESSAGE, 0)}


async def test_a_word_that_somebody_chose_for_a_code_stays_a_word(
    desk: Desk, redaction: Redaction
) -> None:
    chosen = IssueCode(
        tenant=1,
        assistant="vip",
        digests=redaction.digests("estate24"),
        generated=False,
        actor=ADMIN,
        now=desk.now,
    )
    await desk.journal.do(chosen)
    await hear(desk, redaction, said(1, "Vorrei venire in estate 24 giorni"))
    assert await texts(desk) == ["Vorrei venire in estate 24 giorni"]


# ------------------------------------------------------------------------ guesses


@pytest.mark.parametrize(
    "wrong",
    ["ZZ11 99XX", "zz1199xx", "xZZ11-99XX", "10am-12pm", "ＺＺ１１-９９ＸＸ", "ZZ11\u200b-99XX"],
)
async def test_only_the_printed_form_counts(desk: Desk, redaction: Redaction, wrong: str) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, *(said(n, f"{wrong} {n}") for n in range(TRIES + 1)))
    assert await refused(desk) == 0
    assert "•" not in "".join(await texts(desk))


@pytest.mark.parametrize("dash", "-‐–—−－")
async def test_with_any_dash(desk: Desk, redaction: Redaction, dash: str) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, said(1, f"zz11{dash}99XX?"))
    assert await refused(desk) == 1


async def test_in_names_of_files_and_people_it_does_not_count(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    names: dict[str, Any] = {
        "document": {"file_name": "ZZ11-99XX.pdf"},
        "from": {"first_name": "ZZ12-99XX"},
    }
    await hear(desk, redaction, *guesses(TRIES))
    await hear(desk, redaction, *(said(20 + n, "Ecco", **names) for n in range(TRIES)))
    assert await refused(desk) == TRIES
    payload = (await desk.stored(updates))[-1].payload
    assert "ZZ11-99XX" in payload  # nor is it hidden
    assert "ZZ12-99XX" in payload


async def test_in_a_group_guesses_count_too(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, *guesses(TRIES, chat=GROUP))
    right, other = said(50, CODE, chat=GROUP), said(51, "ZZ98-99XX", chat=GROUP)
    accepted = await hear(desk, redaction, right, other)
    assert await refused(desk) == TRIES
    assert ((await texts(desk))[-2:], accepted.events) == (["•" * 9, "•" * 9], ())


async def test_what_a_group_says_among_itself_counts_once_the_bot_is_shown_it(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    aside = replace(said(1, "ZZ11-99XX", chat=GROUP), kind=UpdateKind.IGNORED)
    shown = said(2, "E questo?", chat=GROUP, reply_to_message={"text": "ZZ11-99XX"})
    own = {"text": "Ordine ZZ12-99XX", "from": {"is_bot": True}}
    channels = own | {"text": "ZZ13-99XX", "sender_chat": {"id": -5, "type": "channel"}}
    others = said(4, "E questo?", chat=GROUP, reply_to_message=channels)
    said_yes = said(3, "Sì", chat=GROUP, reply_to_message=own)
    await hear(desk, redaction, aside, shown, said_yes, others)
    assert await refused(desk) == 2


async def test_what_is_hidden_behind_words_counts(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    links = [
        {"type": "text_link", "offset": 0, "length": 3, "url": f"https://x.it/?c={code}"}
        for code in ("ZZ11-99XX", CODE)
    ]
    await hear(desk, redaction, said(1, "Qui", entities=links))
    assert await refused(desk) == 1
    assert plain(CODE) not in await stored(desk)


async def test_what_is_quoted_from_elsewhere_counts(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    quote: dict[str, Any] = {"quote": {"text": "ZZ11-99XX"}, "external_reply": {"origin": {}}}
    await hear(desk, redaction, said(1, "E questo?", **quote))
    await hear(desk, redaction, said(2, "E questo?", reply_to_message={"text": "ZZ12-99XX"}))
    assert await refused(desk) == 1


# ------------------------------------------------------------------------ how much is looked up


@dataclass(slots=True)
class CountingVault:
    """bot.ports.Vault; counts the hashes that are made."""

    sealed: bool = True
    made: int = 0

    def encrypt(self, secret: str) -> str:
        return VAULT.encrypt(secret)

    def decrypt(self, ciphertext: str) -> str:
        return VAULT.decrypt(ciphertext)

    def digests(self, secret: str, *, purpose: str) -> tuple[str, ...]:
        self.made += 1
        return VAULT.digests(secret, purpose=purpose)


async def test_where_nobody_gives_codes_out_nothing_is_hashed(database: Database) -> None:
    vault = CountingVault()
    redaction = Redaction(database, vault, FakeClock(), {TELEGRAM: FakeChannel()})
    await redaction.redact(ANNA, [said(1, f"{CODE} zz123456, 2 persone")])
    assert vault.made == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_an_ordinary_message_costs_a_few_hashes(
    desk: Desk, redaction: Redaction, database: Database
) -> None:
    await issue(desk, redaction)
    vault = CountingVault()
    redaction = Redaction(database, vault, FakeClock(), {TELEGRAM: FakeChannel()})
    await redaction.redact(ANNA, [said(n, text, chat=n) for n, text in enumerate(SENTENCES, 1)])
    assert 1 < vault.made / len(SENTENCES) < 60


@pytest.mark.parametrize("size", [1_000, 2_000, 4_000])
async def test_work_grows_with_the_length_of_a_message(
    desk: Desk, redaction: Redaction, database: Database, size: int
) -> None:
    await issue(desk, redaction)
    vault = CountingVault()
    redaction = Redaction(database, vault, FakeClock(), {TELEGRAM: FakeChannel()})
    text = " ".join(f"{number:x}" for number in range(0xA000, 0xA000 + size))
    await redaction.redact(ANNA, [said(1, text[:size])])
    assert size / 2 < vault.made <= size


async def test_a_chat_looks_up_so_many_words_an_hour_and_no_more(
    desk: Desk, redaction: Redaction, database: Database
) -> None:
    await issue(desk, redaction)
    vault, clock = CountingVault(), FakeClock()
    redaction = Redaction(database, vault, clock, {TELEGRAM: FakeChannel()})

    def flood(first: int) -> list[Incoming]:
        words = (f"zz{number:06}" for number in range(first * 1_000, first * 1_000 + 8_000))
        texts = [" ".join(word for _, word in zip(range(400), words, strict=False)) for _ in "0123"]
        return [said(first * 10 + n, text) for n, text in enumerate(texts)]

    for round_ in range(4):
        await redaction.redact(ANNA, flood(round_))
    assert vault.made == LOOKUPS
    clock.put_back = 2 * LOOKUP_SECONDS
    await redaction.redact(ANNA, flood(4))
    assert vault.made == LOOKUPS
    await redaction.redact(ANNA, [said(99, "zz123456", chat=ANNA + 1)])
    assert vault.made == LOOKUPS + 1
    clock.jump(clock.time + LOOKUP_SECONDS)
    await redaction.redact(ANNA, [said(100, "zz123456")])
    assert vault.made == LOOKUPS + 2


async def test_what_a_group_says_among_itself_uses_nothing_up(
    desk: Desk, database: Database
) -> None:
    redaction = Redaction(database, VAULT, FakeClock(), {TELEGRAM: FakeChannel()})
    await issue(desk, redaction)
    words = " ".join(f"zz{number:06}" for number in range(4_000))
    aside = replace(said(1, words, chat=GROUP), kind=UpdateKind.IGNORED)
    await hear(desk, redaction, aside, said(2, "ab12 cd34", chat=GROUP))
    assert (await texts(desk))[-1] == "•••••••••"


async def test_who_has_used_that_up_guesses_no_better_in_the_printed_form(
    desk: Desk, database: Database
) -> None:
    redaction = Redaction(database, VAULT, FakeClock(), {TELEGRAM: FakeChannel()})
    await issue(desk, redaction)
    words = " ".join(f"zz{number:06}" for number in range(4_000))
    await hear(desk, redaction, said(1, words), said(2, f"{CODE} ZZ98-99XX"))
    assert (await texts(desk))[-1] == "••••••••• •••••••••"


# ------------------------------------------------------------------------ tokens

TOKEN = "987654321:AAH-x_secretsecretsecretsecretsecre"
KEY = "sk-proj-Ab3dEfGh1jKlMn0pQrStUvWxYz-1234567890_abcdefGHIJ"


@pytest.mark.parametrize("gap", ["\n", " \r\n ", "\u200b", "\u00ad", "\u2060"])
@pytest.mark.parametrize("secret", [TOKEN, KEY])
async def test_a_token_in_pieces_is_hidden(
    desk: Desk, redaction: Redaction, secret: str, gap: str
) -> None:
    await hear(desk, redaction, said(1, f"Ecco {secret[:20]}{gap}{secret[20:]}, va bene?"))
    hidden = "•" * len(secret + gap)
    assert await texts(desk) == [f"Ecco {hidden}, va bene?"]
    # A bot's token waits, encrypted, for whoever may want to connect that bot.
    kept = [kind for _, _, kind, _ in await desk.stored(secrets)]
    assert kept == (["token"] if secret == TOKEN else [])

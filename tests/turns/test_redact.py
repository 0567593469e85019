"""Secrets are taken out of updates before they are stored, and kept for who handles one."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.core.invitations import digest
from bot.core.secrets import SecretKind
from bot.ops.vault import KeyVault
from bot.turns.redact import Redaction
from db.audit import trail
from db.codes import IssueCode, RevokeCodes
from db.engine import Database
from db.journal import Journal
from db.models import secrets, updates
from db.operations import Accepted
from db.records import TELEGRAM, Actor, Incoming, UpdateKind
from db.unlocking import TRIES, TRY_SECONDS
from tests.addresses import chat_at
from tests.databases import BOT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock

TOKEN = "987654321:AAH-x_secretsecretsecretsecretsecre"
CODE = "AB12-CD34"
ADMIN = Actor(1, "Ada")
VAULT = KeyVault.open(SecretStr("old-key-old-key-old-key-old-key-old"))


@pytest.fixture
def redaction(database: Database) -> Redaction:
    return Redaction(database, VAULT, FakeClock(), {TELEGRAM: FakeChannel()})


@pytest.fixture
async def desk(journal: Journal, database: Database) -> Desk:
    await seed_tenant(journal)
    return Desk(journal, database)


async def issue(desk: Desk, redaction: Redaction, code: str = CODE) -> int:
    issued = await desk.journal.do(
        IssueCode(
            tenant=1,
            assistant="vip",
            digests=redaction.digests(code),
            generated=True,
            actor=ADMIN,
            now=desk.now,
        )
    )
    assert issued
    return issued


def said(number: int, text: str, *, chat: int = ANNA, **fields: object) -> Incoming:
    message = {"text": text, "chat": {"id": chat}, **fields}
    payload = json.dumps({"update_id": number, "message": message})
    return Incoming(
        str(number),
        payload,
        UpdateKind.MESSAGE,
        chat_at(BOT, chat),
        private=chat > 0,
        message_id=str(number),
    )


async def hear(desk: Desk, redaction: Redaction, *batch: Incoming) -> Accepted:
    """As intake does."""
    return await desk.accept(*await redaction.redact(BOT, batch))


async def texts(desk: Desk) -> list[str]:
    stored = await desk.stored(updates)
    read = [json.loads(row.payload) for row in stored]
    return [update["message"]["text"] for update in read if "message" in update]


async def refused(desk: Desk) -> int:
    entries = await desk.database.read(lambda c: trail(c, tenant=1, limit=100))
    return Counter(entry.action for entry in entries)["code refused"]


async def test_what_holds_no_secret_is_stored_as_it_came(desk: Desk, redaction: Redaction) -> None:
    update = said(1, "Ordine XY77-88ZZ, grazie")
    await hear(desk, redaction, update)
    assert (await desk.row(updates)).payload == update.payload


async def test_a_message_with_a_token_is_met_before_its_words_are(
    desk: Desk, redaction: Redaction
) -> None:
    (event,) = (await hear(desk, redaction, said(1, f"Ecco {TOKEN}"))).events
    assert await texts(desk) == [f"Ecco {'•' * len(TOKEN)}"]
    assert await redaction.first(event.row, SecretKind.TOKEN) == TOKEN


async def test_a_correction_with_a_token_stays_one_and_nothing_of_it_is_kept(
    desk: Desk, redaction: Redaction
) -> None:
    edit = replace(said(1, f"Ecco {TOKEN}"), kind=UpdateKind.EDIT)
    assert (await hear(desk, redaction, edit)).events == ()
    assert TOKEN not in (await desk.row(updates)).payload


async def test_the_secrets_of_an_event_are_there_until_it_is_handled(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    accepted = await hear(desk, redaction, said(1, f"{CODE} e {TOKEN}"))
    (event,) = accepted.events
    held = await redaction.secrets(event.row)
    assert [(one.kind, one.text) for one in held] == [
        (SecretKind.TOKEN, TOKEN),
        (SecretKind.CODE, CODE),
    ]
    await desk.handle(event)
    assert await redaction.secrets(event.row) == ()
    assert [row.body for row in await desk.stored(secrets)] == [None, None]


async def test_the_secrets_of_an_event_that_failed_are_emptied_too(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    (event,) = (await hear(desk, redaction, said(1, CODE))).events
    await desk.handle(event, cause="broken")
    assert await redaction.secrets(event.row) == ()


async def test_an_update_that_comes_again_changes_nothing(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, said(1, CODE))
    again = await hear(desk, redaction, said(1, CODE))
    assert (len(await desk.stored(secrets)), again.events) == (1, ())


async def test_a_code_is_known_under_a_key_that_was_replaced(
    desk: Desk, redaction: Redaction, database: Database
) -> None:
    await issue(desk, redaction)
    keys = SecretStr("new-key-new-key-new-key-new-key-new,old-key-old-key-old-key-old-key-old")
    rotated = Redaction(database, KeyVault.open(keys), FakeClock(), {TELEGRAM: FakeChannel()})
    (event,) = (await hear(desk, rotated, said(1, CODE))).events
    assert [one.text for one in await rotated.secrets(event.row)] == [CODE]


async def test_a_revoked_code_is_a_word_like_any_other(desk: Desk, redaction: Redaction) -> None:
    code = await issue(desk, redaction)
    await desk.journal.do(RevokeCodes(tenant=1, code=code, actor=ADMIN, now=desk.now))
    await hear(desk, redaction, said(1, CODE))
    assert await texts(desk) == [CODE]


async def test_another_tenants_code_is_hidden_too(desk: Desk, redaction: Redaction) -> None:
    await seed_tenant(desk.journal, bot_id=BOT + 1, name="banca")
    issue_there = IssueCode(
        tenant=2,
        assistant="vip",
        digests=redaction.digests(CODE),
        generated=True,
        actor=ADMIN,
        now=desk.now,
    )
    await desk.journal.do(issue_there)
    accepted = await hear(desk, redaction, said(1, f"{CODE} ciao"))
    assert (await texts(desk), accepted.events) == (["••••••••• ciao"], ())
    await issue(desk, redaction, "ZZ99-99ZZ")  # it has codes of its own: this may be meant
    accepted = await hear(desk, redaction, said(2, f"{CODE} ciao"))
    assert len(accepted.events) == 1


async def test_a_code_in_a_group_is_hidden_and_opens_nothing(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    accepted = await hear(desk, redaction, said(1, CODE, chat=-5))
    assert (await texts(desk), accepted.events) == (["•" * 9], ())


async def test_a_code_that_is_only_quoted_is_hidden_and_opens_nothing(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, said(1, "Che cos'è?", reply_to_message={"text": CODE}))
    row = await desk.row(updates)
    assert (row.kind, CODE in row.payload) == (UpdateKind.MESSAGE, False)


async def test_without_a_key_a_token_is_taken_out_and_not_kept(
    desk: Desk, database: Database
) -> None:
    open_to_all = Redaction(database, KeyVault(), FakeClock(), {TELEGRAM: FakeChannel()})
    accepted = await hear(desk, open_to_all, said(1, f"/unlock x{TOKEN}"))
    assert TOKEN not in (await desk.row(updates)).payload
    assert accepted.events == ()
    assert await desk.stored(secrets) == []


# ------------------------------------------------------------ words that are no codes


def guesses(number: int, *, first: int = 1, chat: int = ANNA) -> Sequence[Incoming]:
    return [said(first + i, f"prova ZZ{first + i:02}-99XX", chat=chat) for i in range(number)]


async def test_wrong_words_count_where_generated_codes_are_given_out(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, *guesses(2))
    assert await refused(desk) == 2


async def test_nowhere_else_do_they_count(desk: Desk, redaction: Redaction) -> None:
    await hear(desk, redaction, *guesses(TRIES + 1))
    assert await refused(desk) == 0
    assert "•" not in "".join(await texts(desk))


@pytest.mark.parametrize("together", [True, False])
async def test_after_too_many_no_word_is_looked_at(
    desk: Desk, redaction: Redaction, together: bool
) -> None:
    await issue(desk, redaction)
    wrong = guesses(TRIES)
    right, other = said(50, CODE), said(51, "ZZ98-99XX")
    if together:
        accepted = await hear(desk, redaction, *wrong, right, other)
    else:
        await hear(desk, redaction, *wrong)
        accepted = await hear(desk, redaction, right, other)
    assert (await texts(desk))[-2:] == ["•" * 9, "•" * 9]
    assert (len(accepted.events), await refused(desk)) == (2, TRIES)


async def test_what_an_admin_is_asked_for_may_hold_any_number_of_them(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    await desk.do_to_chat("ask", "{}")
    prices = " ".join(f"ZZ{number}-99XX" for number in range(10, 30))
    await hear(desk, redaction, said(1, f"{prices} {CODE}"))
    assert (await texts(desk))[-1] == f"{prices} {'•' * 9}"
    assert await refused(desk) == 0


async def test_nor_do_they_count_in_a_command(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    typed = said(1, " ".join(f"ZZ{number}-99XX" for number in range(10, 30)))
    await hear(desk, redaction, replace(typed, kind=UpdateKind.EVENT))
    assert (await refused(desk), "•" in (await desk.row(updates)).payload) == (0, False)


async def test_they_count_behind_a_command_whose_words_are_answered(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    typed = [replace(one, kind=UpdateKind.EVENT, asks=True) for one in guesses(TRIES)]
    await hear(desk, redaction, *typed, said(50, CODE), said(51, "ZZ98-99XX"))
    assert (await texts(desk))[-2:] == ["•" * 9, "•" * 9]
    assert await refused(desk) == TRIES


async def test_one_clients_wrong_words_are_nothing_to_another(
    desk: Desk, redaction: Redaction
) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, *guesses(TRIES))
    await hear(desk, redaction, *guesses(1, first=40, chat=BRUNO))
    assert (await texts(desk))[-1] == "prova ZZ40-99XX"


async def test_an_hour_later_words_are_looked_at_again(desk: Desk, redaction: Redaction) -> None:
    await issue(desk, redaction)
    await hear(desk, redaction, *guesses(TRIES))
    clock = FakeClock()
    clock.jump(clock.now() + TRY_SECONDS + 1)
    later = Redaction(redaction.database, VAULT, clock, {TELEGRAM: FakeChannel()})
    await hear(desk, later, said(40, "ZZ40-99XX"))
    assert (await texts(desk))[-1] == "ZZ40-99XX"


async def test_of_an_invitation_its_digest_is_kept_also_without_a_key(
    desk: Desk, database: Database
) -> None:
    invitation = "i_abcdefghijklmnopqrstuvwxyz"
    keyless = Redaction(database, KeyVault(), FakeClock(), {TELEGRAM: FakeChannel()})
    opened = replace(said(1, f"/start {invitation}"), kind=UpdateKind.EVENT)
    await hear(desk, keyless, opened)
    stored = await desk.row(updates, update_id=1)
    held = await keyless.secrets(stored.id)
    assert [(one.kind, one.text) for one in held] == [(SecretKind.INVITATION, digest(invitation))]
    assert invitation not in stored.payload

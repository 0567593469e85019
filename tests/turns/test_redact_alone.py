"""What is taken out of an update and what is kept of it: the tables are given."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.core.secrets import FoundSecret, SecretKind
from bot.ops.vault import KeyVault
from bot.ports import Clock, Vault
from bot.turns.redact import _MANY, SECRET_STEP, Redaction
from db.codes import are_there_codes
from db.engine import Database
from db.records import TELEGRAM, Address, Draft, OutboxKind, Secret, UpdateKind
from db.secrets import asked_for_secrets, reveal
from db.unlocking import Lookup, look_up
from tests.databases import BOT
from tests.db.desk import ANNA
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.journal import FakeReads
from tests.turns.test_redact import CODE, TOKEN, VAULT, said

HERE = str(ANNA)
PASSWORD = "correct horse battery"
STEP = f'"step": "{SECRET_STEP} '


def redaction(
    found: Mapping[Any, list[Any]], *, vault: Vault = VAULT, asks: bool = False
) -> Redaction:
    reads = cast(Database, FakeReads(found))
    return Redaction(reads, vault, FakeClock(), {TELEGRAM: FakeChannel()}, asks=asks)


def codes(by: Redaction, *, guarded: frozenset[str] = frozenset({HERE})) -> dict[Any, list[Any]]:
    known = frozenset(by.digests(CODE))
    return {are_there_codes: [True], look_up: [Lookup(known=known, guarded=guarded)]}


async def test_where_it_came_from_is_kept_with_what_may_be_a_code_and_with_nothing_else() -> None:
    by = redaction(codes(redaction({})) | {are_there_codes: [True, False]})
    said_there = [replace(said(1, text), place="hash of an address") for text in (CODE, TOKEN)]
    code, token = [(await by.redact(BOT, [one]))[0].secrets for one in said_there]
    assert [one.kind for one in code] == [SecretKind.CODE, SecretKind.PLACE]
    assert [one.kind for one in token] == [SecretKind.TOKEN]
    assert VAULT.decrypt(token[0].body) == TOKEN


async def test_what_was_said_is_kept_and_what_was_quoted_is_only_hidden() -> None:
    other = "123456789:BBH-x_secretsecretsecretsecretsecre"
    quoted = said(1, f"Ecco {TOKEN}", reply_to_message={"text": other})
    (stored,) = await redaction({are_there_codes: [False]}).redact(BOT, [quoted])
    assert (TOKEN in stored.payload, other in stored.payload) == (False, False)
    assert [VAULT.decrypt(one.body) for one in stored.secrets] == [TOKEN]


@pytest.mark.parametrize(("asks", "private"), [(True, True), (True, False), (False, True)])
async def test_what_answers_a_question_for_a_secret_is_one(*, asks: bool, private: bool) -> None:
    found = {asked_for_secrets: [{HERE: STEP}], are_there_codes: [False] * 2}
    answer = replace(said(1, PASSWORD), private=private)
    elsewhere = replace(said(2, "Buongiorno a tutti", chat=2), private=private)
    by = redaction(cast(Any, found), asks=asks)
    stored, other = await by.redact(BOT, [answer, elsewhere])
    assert (PASSWORD in stored.payload) is not (asks and private)
    assert other.payload == elsewhere.payload


@pytest.mark.parametrize("asks", [True, False])
async def test_what_cannot_be_routed_is_searched_as_well(*, asks: bool) -> None:
    nowhere = replace(said(1, TOKEN), address=None, kind=UpdateKind.IGNORED)
    by = redaction({are_there_codes: [False]}, asks=asks)
    (stored,) = await by.redact(BOT, [nowhere])
    assert TOKEN not in stored.payload


async def test_without_a_key_no_code_is_looked_for() -> None:
    (stored,) = await redaction({}, vault=KeyVault()).redact(BOT, [said(1, CODE)])
    assert CODE in stored.payload


@pytest.mark.parametrize("address", [said(1, "").address, None])
async def test_what_was_said_beside_a_secret_is_searched_for_its_bot(
    address: Address | None,
) -> None:
    asked: list[int] = []

    class Reads(FakeReads):
        async def read(self, query: Any, *given: object, **named: Any) -> Any:
            asked.extend(named[name] for name in ("bot_id",) if name in named)
            return await FakeReads.read(self, query, *given, **named)

    by = redaction({})
    by = replace(by, database=cast(Database, Reads(codes(by))))
    payload = said(1, CODE).payload
    assert CODE not in await by.rest(address, payload)
    assert asked == [address.bot_id if address else 0]


async def test_what_is_revealed_was_said() -> None:
    kept = Secret(SecretKind.TOKEN, VAULT.encrypt(TOKEN))
    found = await redaction({reveal: [[kept]]}).secrets(5)
    assert found == (FoundSecret(SecretKind.TOKEN, TOKEN, spoken=True),)


def test_a_sealed_message_can_be_read_by_the_vault_alone() -> None:
    (sealed,) = redaction({}).seal([Draft(OutboxKind.COMMAND, 0, PASSWORD)])
    assert sealed.kind is OutboxKind.SECRET
    assert (PASSWORD in sealed.text, VAULT.decrypt(sealed.text)) == (False, PASSWORD)


async def test_between_many_words_others_go_on() -> None:
    class Counting(FakeClock):
        async def sleep(self, seconds: float) -> None:
            rests.append(seconds)

    rests: list[float] = []
    by = redaction({})
    clock = cast(Clock, Counting())
    by = replace(by, database=cast(Database, FakeReads(codes(by))), clock=clock)
    words = " ".join(f"{a}{b}{c}0-99XX" for a in "ABCDEFGH" for b in "ABCDEFGH" for c in "12345678")
    await by.redact(BOT, [said(1, words)])
    assert rests == [0] * (by.lookups._made.total() // _MANY)
    assert len(rests) > 1

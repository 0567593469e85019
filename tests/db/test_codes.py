"""Access codes in the tables: what opens, for whom, how often, and how often one may try."""

import ast
import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import db.codes
import db.unlocking
from db.audit import trail
from db.chats import ChatWork
from db.codes import ChangeCode, IssueCode, RevokeCodes, codes_of
from db.journal import apply
from db.models import codes, tries
from db.records import Actor, Draft
from db.unlocking import TRIES, TRIES_OF_A_PLACE, TRY_SECONDS, Tried, UseCode, look_up
from db.window import Window
from tests.databases import BOT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk, Work, incoming
from tests.db.processes import two_desks

ADMIN, CLIENT, OTHER = Actor(1, "Ada"), Actor(ANNA, "Anna"), Actor(BRUNO, "Bruno")
DIGEST, WRONG = ("d1gest",), ("wr0ng",)
ASSISTANTS = frozenset({"vip", "staff"})
WAIT = Tried(wait_seconds=TRY_SECONDS)


async def issue(desk: Desk, *digests: str, assistant: str = "vip", **rules: Any) -> int | None:
    return await desk.journal.do(
        IssueCode(
            tenant=1,
            assistant=assistant,
            digests=digests or DIGEST,
            generated=True,
            actor=ADMIN,
            now=desk.now,
            **rules,
        )
    )


def using(
    heard: list[Tried],
    digests: tuple[str, ...],
    *,
    who: Actor,
    now: float,
    assistants: frozenset[str] = ASSISTANTS,
    place: str | None = None,
) -> Work:
    def work(chat: ChatWork) -> Sequence[Draft]:
        use = UseCode(
            tenant=chat.current().tenant,
            chat=chat.chat,
            digests=digests,
            assistants=assistants,
            actor=who,
            now=now,
            place=place,
        )
        heard.extend(apply(chat.connection, [use]))
        return ()

    return work


async def use(
    desk: Desk,
    *digests: str,
    who: Actor = CLIENT,
    assistants: frozenset[str] = ASSISTANTS,
    place: str | None = None,
) -> Tried:
    heard: list[Tried] = []
    event = await desk.event("/unlock", client=who.id or 1)
    how: dict[str, Any] = {"who": who, "assistants": assistants, "place": place}
    await desk.handle(event, using(heard, digests or DIGEST, now=desk.now, **how))
    return heard[-1]


async def actions(desk: Desk) -> list[str]:
    entries = await desk.database.read(lambda c: trail(c, tenant=1, limit=100))
    return [entry.action for entry in reversed(entries)]


async def test_a_code_opens_its_assistant(desk: Desk) -> None:
    await issue(desk, "other", assistant="staff")
    await issue(desk)
    assert await use(desk) == Tried("vip")


async def test_a_code_is_found_by_its_hash_under_any_key(desk: Desk) -> None:
    await issue(desk, "under the old key")
    assert await use(desk, "under the new key", "under the old key") == Tried("vip")


async def test_a_tenant_gives_a_code_out_once(desk: Desk) -> None:
    await issue(desk)
    assert await issue(desk, "new key", *DIGEST, assistant="staff") is None


async def test_what_is_done_is_told_and_never_the_code(desk: Desk) -> None:
    await issue(desk)
    await use(desk)
    await use(desk, *WRONG)
    entries = await desk.database.read(lambda c: trail(c, tenant=1, limit=100))
    assert [(one.action, one.actor.name, one.subject) for one in reversed(entries)] == [
        ("code added", "Ada", "vip"),
        ("code used", "Anna", "vip"),
        ("code refused", "Anna", None),
    ]


async def test_a_code_opens_nothing_at_another_tenants(desk: Desk) -> None:
    await seed_tenant(desk.journal, bot_id=BOT + 1, name="banca")
    theirs = IssueCode(
        tenant=2, assistant="vip", digests=DIGEST, generated=True, actor=ADMIN, now=desk.now
    )
    assert await desk.journal.do(theirs)
    assert await use(desk) == Tried()
    assert await issue(desk)  # and may be given out here too
    assert await use(desk) == Tried("vip")


# ------------------------------------------------------------------------ rules


async def test_a_code_for_one_use_opens_once(desk: Desk) -> None:
    await issue(desk, single_use=True)
    assert [await use(desk), await use(desk)] == [Tried("vip"), Tried()]


async def test_a_code_per_person_is_the_first_ones(desk: Desk) -> None:
    await issue(desk, per_person=True)
    assert await use(desk) == Tried("vip")
    assert await use(desk, who=OTHER) == Tried()
    assert await use(desk) == Tried("vip")


async def test_a_code_per_person_is_nobodys_whom_the_channel_does_not_name(desk: Desk) -> None:
    await issue(desk, per_person=True)
    assert await use(desk, who=Actor(None, "client")) == Tried()
    assert await use(desk) == Tried("vip")


async def test_a_code_expires(desk: Desk) -> None:
    await issue(desk, expires_at=desk.now + 60)
    assert await use(desk) == Tried("vip")
    desk.now += 60
    assert await use(desk) == Tried()


async def test_a_revoked_code_opens_nothing(desk: Desk) -> None:
    row = await issue(desk)
    for expected in (1, 0):
        revoke = RevokeCodes(tenant=1, code=row, actor=ADMIN, now=desk.now)
        assert await desk.journal.do(revoke) == expected
    assert await use(desk) == Tried()


async def test_all_codes_of_an_assistant_are_revoked_and_no_others(desk: Desk) -> None:
    for digest, assistant in (("a", "vip"), ("b", "vip"), ("c", "staff")):
        await issue(desk, digest, assistant=assistant)
    revoke = RevokeCodes(tenant=1, assistant="vip", actor=ADMIN, now=desk.now)
    assert await desk.journal.do(revoke) == 2
    left = await desk.database.read(lambda c: codes_of(c, tenant=1))
    assert [code.assistant for code in left] == ["staff"]


async def test_another_tenants_admin_changes_nothing(desk: Desk) -> None:
    row = await issue(desk)
    assert row is not None
    theirs = RevokeCodes(tenant=2, code=row, actor=ADMIN, now=desk.now)
    rules: dict[str, bool | float | None] = {"single_use": True}
    change = ChangeCode(tenant=2, code=row, actor=ADMIN, now=desk.now, rules=rules)
    assert await desk.together(theirs, change) == [0, False]
    assert await use(desk) == Tried("vip")


async def test_rules_can_be_changed(desk: Desk) -> None:
    row = await issue(desk)
    assert row is not None
    for rules in ({"single_use": True}, {"expires_at": desk.now + 5}):
        change = ChangeCode(tenant=1, code=row, actor=ADMIN, now=desk.now, rules={**rules})
        assert await desk.journal.do(change)
    (code,) = await desk.database.read(lambda c: codes_of(c, tenant=1))
    assert (code.single_use, code.expires_at) == (True, desk.now + 5)


async def test_the_code_of_an_assistant_that_is_gone_opens_nothing(desk: Desk) -> None:
    await issue(desk)
    assert await use(desk, assistants=frozenset({"staff"})) == Tried()


# ------------------------------------------------------------------------ tries


async def test_after_too_many_wrong_codes_none_is_looked_at_for_an_hour(desk: Desk) -> None:
    await issue(desk)
    wrong = [await use(desk, *WRONG) for _ in range(TRIES)]
    assert wrong == [Tried()] * TRIES
    assert await use(desk) == WAIT
    desk.now += TRY_SECONDS - 1
    assert await use(desk) == Tried(wait_seconds=1.0)
    desk.now += 1
    assert await use(desk) == Tried("vip")


async def test_what_is_not_looked_at_is_no_try(desk: Desk) -> None:
    for _ in range(TRIES + 3):
        await use(desk, *WRONG)
    assert len(await desk.stored(tries)) == TRIES
    assert (await actions(desk)).count("code refused") == TRIES


async def test_one_clients_tries_are_not_anothers(desk: Desk) -> None:
    await issue(desk)
    for _ in range(TRIES):
        await use(desk, *WRONG)
    assert await use(desk, who=OTHER) == Tried("vip")


async def test_tries_of_a_client_count_together_in_all_topics(desk: Desk) -> None:
    await issue(desk)
    heard: list[Tried] = []
    for topic in range(TRIES + 1):
        event = await desk.event("/unlock", topic=topic)
        await desk.handle(event, using(heard, WRONG, who=CLIENT, now=desk.now))
    assert heard == [*[Tried()] * TRIES, WAIT]


async def test_tries_from_a_place_count_together_in_all_chats(desk: Desk) -> None:
    await issue(desk)
    for client in range(TRIES_OF_A_PLACE):
        one = Actor(100 + client, "Somebody")
        assert await use(desk, *WRONG, who=one, place="an inn") == Tried()
    again = TRY_SECONDS / TRIES_OF_A_PLACE
    waits = (await use(desk, who=OTHER, place="an inn")).wait_seconds
    assert waits == pytest.approx(again)
    assert await use(desk, who=OTHER, place="elsewhere") == Tried("vip")
    desk.now += again
    assert await use(desk, who=OTHER, place="an inn") == Tried("vip")


async def test_so_do_words_that_look_like_codes(desk: Desk) -> None:
    await issue(desk)
    guesses = incoming(1, wrong_codes=TRIES_OF_A_PLACE + 1, place="an inn")
    await desk.accept(guesses)
    places = {"1002": "an inn", "1003": "elsewhere", "1004": None}
    known = await desk.database.read(
        lambda c: look_up(c, bot_id=BOT, clients=places, digests=[], now=desk.now)
    )
    assert known.tries == {"1002": TRIES}
    waits = await use(desk, who=OTHER, place="an inn")
    assert waits.wait_seconds == pytest.approx(2 * TRY_SECONDS / TRIES_OF_A_PLACE)


async def test_old_tries_are_swept_away(desk: Desk) -> None:
    await use(desk, *WRONG)
    desk.now += TRY_SECONDS
    await use(desk, *WRONG)
    assert len(await desk.stored(tries)) == 1


# ---------------------------------------------------------------- at the same moment


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("rule", ["single_use", "per_person"])
async def test_two_who_come_at_the_same_moment_get_what_one_may(
    database_url: str, rule: str
) -> None:
    rules: dict[str, Any] = {rule: True}
    async with two_desks(database_url, Window()) as (first, second):
        for number in range(20):
            digest = f"digest {number}"
            await issue(first, digest, **rules)
            heard: list[Tried] = []
            doing = []
            for desk, who in ((first, CLIENT), (second, OTHER)):
                event = await desk.event("/unlock", client=who.id or 1)
                work = using(heard, (digest,), who=who, now=desk.now + number * TRY_SECONDS)
                doing.append(desk.handle(event, work))
            await asyncio.gather(*doing)
            assert sorted(tried.assistant or "" for tried in heard) == ["", "vip"]
        used = await first.stored(codes)
        assert all(row.used_at is not None for row in used)


def test_hashes_are_compared_in_constant_time_alone() -> None:
    for module in (db.codes, db.unlocking):
        source = Path(module.__file__ or "").read_text("utf-8")
        compared = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare)]
        assert [one for one in map(ast.unparse, compared) if "digest" in one] == []

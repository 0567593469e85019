"""What a run came to: read off Telegram's side and off the tables."""

import json
import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from sqlalchemy import Connection, text

from db.engine import open_database
from tests.crash.echo import BUBBLES
from tests.crash.world import World

BUBBLE = re.compile(r"(?P<words>c\d+m\d+(?:\+c\d+m\d+)*)/(?P<number>\d)")

# Commands that a flooded chat got no answer to: five answers waited already, in the same words.
SPARED = """
SELECT chats.chat_id, count(*) AS spared FROM updates JOIN chats ON chats.id = updates.chat_id
WHERE updates.kind = 'event' AND updates.state = 'done'
AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.update_id = updates.id)
AND 5 <= (
    SELECT count(*) FROM outbox
    WHERE outbox.chat_id = updates.chat_id AND outbox.kind = 'command'
    AND (
        outbox.sent_at IS NULL OR outbox.sent_at > updates.received_at
        OR outbox.message_id > updates.message_id  -- where a clock was put back
    )
) GROUP BY chats.chat_id
"""

ROWS = """
SELECT outbox.id, turn_id, update_id, kind, position, state, message_id, lower_id, intent_at,
  sent_at
FROM outbox JOIN chats ON chats.id = outbox.chat_id WHERE chats.chat_id = :chat_id
ORDER BY outbox.id
"""


@dataclass(slots=True)
class Verdict:
    """Counts over all chats; every one of them has a meaning under each way to treat doubt."""

    updates_lost: int = 0
    turns_twice: int = 0
    commands_lost: int = 0
    commands_twice: int = 0
    out_of_order: int = 0
    bubbles_lost: int = 0
    bubbles_twice: int = 0
    turns: int = 0
    turns_adopted: int = 0  # epoch > 1: a kill hit them while they were open
    turns_not_done: int = 0
    unsettled: int = 0
    bots_silent: int = 0  # nobody took them over
    chats_silent: int = 0  # somebody waited longer for a word than anything may take
    longest_wait: float = 0.0  # seconds of a chat
    bot_silent: float = 0.0  # seconds in which nobody at all was served, if that was too long
    heard_too_often: int = 0  # recordings, beyond once and once more for each kill
    forgetting: list[str] = field(default_factory=list)  # what /forget did not do
    proves_nothing: str = ""  # what did not happen
    in_doubt: Counter[str] = field(default_factory=Counter)
    work: dict[str, str] = field(default_factory=dict)  # what of the admins' is not as it must be
    evidence: list[str] = field(default_factory=list)  # of each chat that was not answered right

    def faults(self, *, policy: str) -> dict[str, object]:
        """What must be zero and is not."""
        must = ["updates_lost", "turns_twice", "out_of_order", "turns_not_done", "unsettled"]
        must += ["bots_silent", "chats_silent", "bot_silent", "proves_nothing"]
        must += ["forgetting", "heard_too_often"]
        must += ["bubbles_lost", "commands_lost"] if policy != "skip" else []
        must += ["bubbles_twice", "commands_twice"] if policy != "resend" else []
        must += ["work"] if policy == "probe" else []
        return {name: getattr(self, name) for name in must if getattr(self, name)}

    def __str__(self) -> str:
        doubt = ", ".join(f"{count} {became}" for became, count in sorted(self.in_doubt.items()))
        return (
            f"turns {self.turns}, adopted {self.turns_adopted}, "
            f"in doubt {self.in_doubt.total()} ({doubt or 'none'}); "
            f"updates lost {self.updates_lost}, turns twice {self.turns_twice}, "
            f"commands lost {self.commands_lost} twice {self.commands_twice}, "
            f"bubbles lost {self.bubbles_lost} twice {self.bubbles_twice} "
            f"out of order {self.out_of_order}, longest wait {self.longest_wait:.0f} s"
        )


async def judge_silence(verdict: Verdict, world: World, *, chat: float, bot: float) -> None:
    """Who waited longer than so many seconds, by Telegram's log and not by the victim's clock."""
    sent = await world.sent_at()
    for person, times in world.wrote_at.items():
        waits = [_until_next(sent.get(person, []), moment) for moment in times]
        verdict.longest_wait = max([verdict.longest_wait, *waits])
        verdict.chats_silent += any(wait > chat for wait in waits)
    wrote = sorted(moment for times in world.wrote_at.values() for moment in times)
    served = sorted(moment for times in sent.values() for moment in times)
    longest = max((_until_next(served, moment) for moment in wrote), default=0.0)
    verdict.bot_silent = longest if longest > bot else 0.0


def _until_next(times: list[float], moment: float) -> float:
    later = bisect_left(times, moment)
    return times[later] - moment if later < len(times) else inf


async def judge(world: World) -> Verdict:
    """Judge a run whose last process has nothing left to do."""
    verdict = Verdict(in_doubt=_count_doubts(world))
    spared = await _read_tables(verdict, world)
    for person, written in world.written.items():
        commands, before = world.commands[person] - spared.get(person, 0), _wrong(verdict)
        judge_chat(verdict, written, commands, await world.heard(person))
        if _wrong(verdict) > before:
            verdict.evidence += await _both_sides(world, person)
    return verdict


def _wrong(verdict: Verdict) -> int:
    return sum(
        (
            verdict.updates_lost,
            verdict.turns_twice,
            verdict.commands_lost,
            verdict.commands_twice,
            verdict.out_of_order,
            verdict.bubbles_lost,
            verdict.bubbles_twice,
        )
    )


async def _both_sides(world: World, person: int) -> list[str]:
    """What Telegram has of a chat, and what the tables have."""
    held = [
        f"Telegram: {one['message_id']} {one['date']} {one['from']['id']} "
        f"{one.get('text', '')[:40]!r}"
        for one in await world.messages(person)
    ]
    database = open_database(world.database_url)
    try:
        rows = await database.read(lambda c: c.execute(text(ROWS), {"chat_id": person}).all())
    finally:
        await database.close()
    return [f"chat {person}", *held, *(f"outbox: {row._asdict()}" for row in rows)]


def judge_chat(verdict: Verdict, written: list[str], commands: int, heard: list[str]) -> None:
    bubbles = [match for line in heard if (match := BUBBLE.fullmatch(line))]
    said = Counter((match["words"], int(match["number"])) for match in bubbles)
    answered = Counter(word for words, number in said if number == 1 for word in words.split("+"))
    keys = {words for words, _ in said}
    verdict.bubbles_twice += sum(count - 1 for count in said.values())
    verdict.bubbles_lost += sum(
        (words, n + 1) not in said for words in keys for n in range(BUBBLES)
    )
    verdict.turns_twice += sum(count - 1 for count in answered.values())
    answered_words = {word for words in keys for word in words.split("+")}
    verdict.updates_lost += len(set(written) - answered_words)
    helps = sum("/new" in line for line in heard)
    verdict.commands_lost += max(commands - helps, 0)
    verdict.commands_twice += max(helps - commands, 0)
    verdict.out_of_order += _inversions(written, bubbles)


def _inversions(written: list[str], bubbles: list[re.Match[str]]) -> int:
    """Bubbles that came after one that belongs behind them; a second copy does not count."""
    place = {word: index for index, word in enumerate(written)}
    keys = [(place[match["words"].split("+")[0]], int(match["number"])) for match in bubbles]
    order = list(dict.fromkeys(keys))
    return sum(later < earlier for earlier, later in pairwise(order))


def happened(world: World, event: str) -> int:
    """How often the victims have logged this."""
    return (world.folder / "victim.log").read_text().count(f'"{event}"')


def _count_doubts(world: World) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in (world.folder / "victim.log").read_text().splitlines():
        if '"doubt settled"' in line:
            counts[json.loads(line)["became"]] += 1
    return counts


async def _read_tables(verdict: Verdict, world: World) -> dict[int, int]:
    """Also how many commands of each client got no answer because the chat was flooded."""
    database = open_database(world.database_url)
    try:
        counts = await database.read(_counts)
        spared = await database.read(lambda c: c.execute(text(SPARED)).all())
    finally:
        await database.close()
    verdict.turns, verdict.turns_adopted, verdict.turns_not_done, verdict.unsettled = counts
    return {row.chat_id: row.spared for row in spared}


def _counts(connection: Connection) -> tuple[int, int, int, int]:
    queries = (
        "SELECT count(*) FROM turns",
        "SELECT count(*) FROM turns WHERE epoch > 1",
        "SELECT count(*) FROM turns WHERE state <> 'done'",
        "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'doubt')",
    )
    one, two, three, four = (connection.execute(text(query)).scalar_one() for query in queries)
    return int(one), int(two), int(three), int(four)


async def is_quiet(world: World) -> bool:
    """Whether nothing is left to do: in Telegram's queue and in the tables."""
    if await world.pending_updates():
        return False
    database = open_database(world.database_url)
    try:
        return await database.read(_is_done)
    finally:
        await database.close()


def _is_done(connection: Connection) -> bool:
    queries = (
        "SELECT count(*) FROM turns WHERE state = 'open'",
        "SELECT count(*) FROM updates WHERE state = 'accepted'",
        "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'doubt')",
        "SELECT count(*) FROM questions WHERE told_at IS NULL",
    )
    return not any(connection.execute(text(query)).scalar() for query in queries)

"""Kills while other servers' clients wait for answers: whoever asks again joins the same turn."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from bot.web.letter import stored
from db.api_keys import Scope
from db.engine import open_database
from tests.crash.callers import reader
from tests.crash.chaos import quieted, rest
from tests.crash.routes import ROUTES, UPDATE, Client
from tests.crash.serving import KEY, SETTINGS, Doors, all_talk, first_opened
from tests.crash.verdict import Verdict
from tests.crash.world import World, open_world
from tests.web.keys import issue_key

OF_EACH: Final = 2  # clients
POINTS: Final = ("", "published", "published-")
SAID: Final = "SELECT text FROM outbox WHERE kind = 'reply' AND state = 'sent' ORDER BY id"
HEARD: Final = "SELECT payload FROM updates ORDER BY id"
TURNS: Final = (
    "SELECT count(*) FROM turns JOIN chats ON chats.id = turns.chat_id"
    " WHERE chats.chat_text NOT LIKE 'phone:%'"
)
VERSIONS: Final = "SELECT count(*) FROM profiles WHERE tenant_id = 1 AND version > 1"
PUBLISHED: Final = (
    "SELECT new FROM audit WHERE action = 'published' AND subject = 'sector' ORDER BY id"
)


async def gateways(
    database_url: str, folder: Path, *, seconds: float, seed: int, report: Callable[[str], object]
) -> Verdict:
    """Kills at any moment while each route is asked, and around what a program publishes."""
    settings = {**SETTINGS, "GATEWAY_MESSAGES_PER_MINUTE": "0"}
    async with open_world(database_url, folder, settings, rhythm="slow") as world:
        async with first_opened(world) as database:
            token = await issue_key(database, KEY, Scope.CHAT, Scope.PROFILE_WRITE)
        doors = Doors.of(world, seed)
        clients = _clients(doors.urls, token, seed)
        await doors.open()
        async with all_talk([one for _, one in clients]):
            kills = await doors.kill(seconds, POINTS, enough=lambda: not _unhurt(clients))
        for _, one in clients:
            await one.reader.http.close()
        await quieted(world)
        verdict = await rest(world, await doors.leave_one())
        await _judge(world, verdict, [one for _, one in clients])
        if unhurt := _unhurt(clients):
            verdict.proves_nothing = f"no answer was cut off of {unhurt}"
        asked, cut = sum(len(one.written) for _, one in clients), _cut(clients)
        broken = ", ".join(f"{name} {times}" for name, times in cut.items())
        report(f"{kills} kills, {asked} questions, answers cut off: {broken}; {verdict}")
        return verdict


def _cut(clients: Sequence[tuple[str, Client]]) -> Mapping[str, int]:
    """How many answers of each route a kill has broken off."""
    cut: Counter[str] = Counter()
    for name, one in clients:
        cut[name] += one.cut
    return cut


def _unhurt(clients: Sequence[tuple[str, Client]]) -> Sequence[str]:
    """Routes of which none was; to publish takes too short a time to be hit by chance."""
    cut = _cut(clients)
    return [name for name in ROUTES if not cut[name]]


def _clients(urls: Sequence[str], token: str, seed: int) -> Sequence[tuple[str, Client]]:
    """Several of each route, and one who publishes: of two, each would undo what the other did."""
    names = [*ROUTES] * OF_EACH
    asking = [(name, ROUTES[name]) for name in names]
    return [
        (
            name,
            Client(
                *(reader(n, origin=None, token=token), n, urls, random.Random(f"{seed} {n}")),
                route=route,
            ),
        )
        for n, (name, route) in enumerate([*asking, ("update", UPDATE)])
    ]


async def _judge(world: World, verdict: Verdict, clients: Sequence[Client]) -> None:
    database = open_database(world.database_url)
    try:
        said, heard = await database.read(_of_each, SAID), await database.read(_of_each, HEARD)
        (turns,), (versions,) = (
            await database.read(_all, TURNS),
            await database.read(_all, VERSIONS),
        )
        published = await database.read(_all, PUBLISHED)
    finally:
        await database.close()
    *asking, publisher = clients
    for one in asking:
        one.logged, one.stored = said[one.number], heard[one.number]
        one.judge(verdict)
    asked = sum(len(one.written) for one in asking if one.route.repeats)
    if (turns, versions, published) != (asked, len(published), publisher.written):
        told = f"{turns} turns of {asked}; {versions} versions: {published}"
        verdict.evidence.append(f"{told}, not {publisher.written}")
        verdict.turns_twice += 1


def _of_each(connection: Connection, query: str) -> Mapping[int, Sequence[str]]:
    """Texts by the number of the client whose words they are, or answer."""
    found: dict[int, list[str]] = defaultdict(list)
    for told in _all(connection, query):
        words = str(stored(told).get("text", "")) if told.startswith("{") else told
        found[int(words[1:].partition("m")[0])].append(words)
    return found


def _all(connection: Connection, query: str) -> Sequence[Any]:
    return connection.execute(text(query)).scalars().all()

"""Telling the hosts, in Telegram, what only they can mend: once, until it is well again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.core.texts import Key, say
from bot.core.texts.hosts import Troubles
from bot.errors import Trouble
from bot.ports import Channel, Clock, Telemetry
from bot.turns.lanes import Lanes
from bot.turns.speech import drafts
from db.chores import Alert, ClearAlert, addresses
from db.engine import Database
from db.journal import Journal
from db.people import hosts
from db.records import OutboxKind

TROUBLES: Final = {Trouble[text.name]: text for text in Troubles}
OF_ONE_MODEL: Final = frozenset({Trouble.MODEL_UNKNOWN, Trouble.MODEL_DENIED, Trouble.ORGANIZATION})


@dataclass(slots=True)
class Hosts:
    """The people in ADMIN_IDS and those who became host, as far as they ever wrote to a bot."""

    people: tuple[int, ...]
    journal: Journal
    database: Database
    channels: Mapping[str, Channel]
    lanes: Lanes
    clock: Clock
    telemetry: Telemetry
    bots: set[int]  # for which this process speaks
    _told: set[str] = field(default_factory=set)

    def begin(self, told: Collection[str]) -> None:
        """What was told before this process started."""
        self._told |= set(told)

    async def tell(self, text: Key, bot_id: int, *, key: str, **values: object) -> None:
        """Say it once per `key`."""
        self.telemetry.warn(key)
        await self.inform((), text, bot_id, key=key, **values)

    async def tell_of(self, trouble: Trouble, bot_id: int, *, model: str) -> None:
        """Say once what keeps a model from answering."""
        await self.tell(TROUBLES[trouble], bot_id, key=_key(trouble, model), model=model)

    async def inform(
        self, others: Collection[int], text: Key, bot_id: int, *, key: str, **values: object
    ) -> None:
        """Say it once per `key` to the hosts and to others whom it concerns.

        Each hears it from this bot, else from the one that he wrote to last.
        """
        if key in self._told:
            return
        now = self.clock.now()
        claimed = await self.database.read(hosts, now)
        rows = await self.journal.do(
            Alert(
                key=key,
                owner=self.lanes.delivery.owner,
                now=now,
                bot_id=bot_id,
                hosts=tuple({*self.people, *claimed, *others}),
                bots=frozenset(self.bots),
                drafts_in_commit=lambda address, language: drafts(
                    OutboxKind.NOTICE,
                    self.channels[address.channel].render(say(text, language, **values)),
                ),
            )
        )
        self._told.add(key)  # no sooner: what could not be written down is told another time
        chats = [row.chat for row in rows]
        known = await self.database.read(addresses, chats)
        self.lanes.add(rows, known)

    async def all_is_well(self, model: str) -> None:
        """This model answers: the next trouble with it is told again."""
        if self._told:
            for key in self._told & {_key(trouble, model) for trouble in Trouble}:
                await self.mended(key)

    async def mended(self, key: str) -> None:
        """The next time it is told again."""
        if key in self._told:
            await self.journal.do(ClearAlert(key))
            self._told.discard(key)


def _key(trouble: Trouble, model: str) -> str:
    """What another model answers says nothing of this one."""
    return f"{trouble}: {model}" if trouble in OF_ONE_MODEL else trouble

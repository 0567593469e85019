"""Before T1: an update is stored without the secrets in it, which are kept beside it, encrypted."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Final

from bot.core.asked_secrets import asked_for, beside_a_header, in_an_address
from bot.core.invitations import digest
from bot.core.secrets import (
    LEAKS,
    Findings,
    FoundSecret,
    SecretKind,
    redact,
    search,
)
from bot.core.spellings import canonical, plain
from bot.core.tokens import whole
from bot.errors import SecretLost
from bot.ports import Channel, Clock, Vault
from db.codes import are_there_codes
from db.engine import Database
from db.records import Address, Draft, Incoming, OutboxKind, Secret, UpdateKind
from db.secrets import asked_for_secrets, reveal
from db.unlocking import TRIES, Lookup, look_up

# How the question for the secret of a company's tool begins.
SECRET_STEP: Final = "own secret"  # noqa: S105 - a name, not a password
# By how the questions about such a tool are stored: what is a secret in the answer.
ASKED: Final[Mapping[str, Callable[[Sequence[str]], Sequence[FoundSecret]]]] = {
    f'"step": "{SECRET_STEP} ': asked_for,
    '"step": "own header ': beside_a_header,
    '"step": "own address ': in_an_address,
    '"step": "own new ': in_an_address,
}
CODE_PURPOSE: Final = "access code"
_TRIED: Final = frozenset({SecretKind.ARGUMENT, SecretKind.CODE})  # perhaps as a code
LOOKUPS: Final = 5_000  # of what may be a code, in a chat within LOOKUP_SECONDS
LOOKUP_SECONDS: Final = 3600.0
_MANY: Final = 250  # hashes that take about a millisecond


@dataclass(slots=True)
class Lookups:
    """How many words of a chat were looked up as codes lately.

    Most spellings of a code do not count as a guess, or ordinary words would. So their number is
    bounded: who writes nothing but possible codes finds none of 40 bits, and costs no more.
    """

    _since: float = 0.0
    _made: Counter[tuple[int, str]] = field(default_factory=Counter)

    def take(
        self, bot_id: int, incoming: Incoming, words: Iterable[FoundSecret], *, now: float
    ) -> list[FoundSecret]:
        """As many of the words, from the first one on, as may still be looked up.

        `now` is of a clock that never jumps.
        """
        if incoming.kind is UpdateKind.IGNORED:  # nobody sees what became of it
            return list(words)
        if now - self._since >= LOOKUP_SECONDS:
            self._since = now
            self._made.clear()
        place = (bot_id, _chat_id(incoming))
        taken = list(islice(words, LOOKUPS - self._made[place]))
        self._made[place] += len(taken)
        return taken


@dataclass(frozen=True, slots=True)
class Redaction:
    """Takes the secrets out of updates, and gives them to those who handle one.

    Without a key none is kept; they are taken out all the same.
    """

    database: Database
    vault: Vault
    clock: Clock
    channels: Mapping[str, Channel]
    asks: bool = False  # secrets of tools are asked for
    lookups: Lookups = field(default_factory=Lookups)

    async def redact(self, bot_id: int, batch: Sequence[Incoming]) -> list[Incoming]:
        """The updates as they may be stored."""
        found = [self._search(one) for one in batch]
        judge = await self._judge(bot_id, batch, found)
        asked = await self._asked(bot_id, batch)
        redacted: list[Incoming] = []
        for incoming, held in zip(batch, found, strict=True):
            secrets, wrong = judge.secrets(held, incoming)
            secrets = [*self._answers(incoming, asked), *secrets]
            one = replace(incoming, wrong_codes=wrong)
            if secrets:
                spoken = [secret for secret in secrets if secret.spoken]
                kinds = {secret.kind for secret in spoken}
                if one.place and not kinds.isdisjoint(_TRIED):
                    spoken.append(FoundSecret(SecretKind.PLACE, one.place, spoken=True))
                one = replace(
                    one,
                    payload=redact(one.payload, secrets),
                    kind=UpdateKind.EVENT if judge.is_handled(one, kinds) else one.kind,
                    secrets=tuple(self._seal(each) for each in spoken if self._may_keep(each)),
                )
            redacted.append(one)
        return redacted

    async def rest(self, address: Address | None, payload: str) -> str:
        """What was said beside a secret, as it may be stored: there may be another in it."""
        bot_id = address.bot_id if address else 0
        (stored,) = await self.redact(bot_id, [Incoming("0", payload, UpdateKind.EVENT, address)])
        return stored.payload

    async def secrets(self, update_row: int) -> tuple[FoundSecret, ...]:
        """What an update said and was stored without, until it is handled.

        Of an invitation its digest. Raises SecretLost when SECRET_KEY no longer has the key.
        """
        kept = await self.database.read(reveal, update_row)
        return tuple(
            FoundSecret(SecretKind(one.kind), self._open(one), spoken=True) for one in kept
        )

    async def first(self, update_row: int, kind: SecretKind) -> str:
        """The first of a kind that an update said; empty where none could be kept, or read."""
        try:
            found = await self.secrets(update_row)
        except SecretLost:
            return ""
        return next((one.text for one in found if one.kind is kind), "")

    def digests(self, code: str) -> tuple[str, ...]:
        """By what an access code is known; the first is the one to store."""
        return self.vault.digests(canonical(code), purpose=CODE_PURPOSE)

    def digests_of(self, spelling: str) -> tuple[str, ...]:
        """The same of a generated code, however it is written."""
        return self.vault.digests(plain(spelling), purpose=CODE_PURPOSE)

    def seal(self, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
        """Messages whose text is kept encrypted, and is gone once they are sent."""
        return tuple(
            replace(one, kind=OutboxKind.SECRET, text=self.vault.encrypt(one.text))
            for one in drafts
        )

    async def _asked(self, bot_id: int, batch: Sequence[Incoming]) -> Mapping[str, str]:
        """How the question is stored, of the chats that were asked for what may be a secret."""
        chats = {one.address.chat_id for one in batch if one.address and one.private}
        if not (self.asks and chats):
            return {}
        return await self.database.read(asked_for_secrets, [*ASKED], bot_id=bot_id, places=chats)

    def _answers(self, incoming: Incoming, asked: Mapping[str, str]) -> Sequence[FoundSecret]:
        if incoming.address is None or incoming.address.chat_id not in asked:
            return ()
        said = self.channels[incoming.address.channel].words(incoming.payload).said
        return ASKED[asked[incoming.address.chat_id]](said)

    def _search(self, incoming: Incoming) -> Findings:
        if incoming.address is None:
            return search(incoming.payload)
        words = self.channels[incoming.address.channel].words(incoming.payload)
        return search(incoming.payload, said=words.said, told=words.told)

    def _may_keep(self, found: FoundSecret) -> bool:
        if found.kind is SecretKind.KEY:  # nobody handles one
            return False
        return self.vault.sealed or found.kind is SecretKind.INVITATION

    def _seal(self, found: FoundSecret) -> Secret:
        if found.kind is SecretKind.INVITATION:  # no key is needed: this opens nothing
            return Secret(found.kind, digest(whole(found.text)))
        return Secret(found.kind, self.vault.encrypt(found.text))

    def _open(self, kept: Secret) -> str:
        return kept.body if kept.kind == SecretKind.INVITATION else self.vault.decrypt(kept.body)

    async def _judge(
        self, bot_id: int, batch: Sequence[Incoming], found: Sequence[Findings]
    ) -> "_Judge":
        judge = _Judge()
        if not (self.vault.sealed and any(map(_may_hold_codes, found))):
            return judge
        if not await self.database.read(are_there_codes):
            return judge
        for one, held in zip(batch, found, strict=True):
            await self._prepare(judge, bot_id, one, held)
        asked = {digest for each in judge.digests.values() for digest in each}
        clients = {one.address.chat_id: one.place for one in batch if one.address}
        now = self.clock.now()
        judge.lookup = await self.database.read(
            look_up, bot_id=bot_id, clients=clients, digests=asked, now=now
        )
        return judge

    async def _prepare(
        self, judge: "_Judge", bot_id: int, incoming: Incoming, held: Findings
    ) -> None:
        likely = [one for one in held.secrets if one.kind is SecretKind.CODE]
        words = self.lookups.take(
            bot_id, incoming, chain(likely, held.others()), now=self.clock.boottime()
        )
        judge.others[incoming.payload] = words[len(likely) :]
        for number, one in enumerate(words, 1):
            judge.digests[one.text] = self.digests_of(one.text)
            if number % _MANY == 0:
                await self.clock.sleep(0)  # let others go on


@dataclass(slots=True)
class _Judge:
    """Tells codes from other words, counting those that are wrong.

    `digests`: of what is looked up; `others`: what does not look like a secret, by payload.
    """

    lookup: Lookup = field(default_factory=Lookup)
    digests: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: dict[str, list[FoundSecret]] = field(default_factory=dict)
    _tries: Counter[str] = field(default_factory=Counter)  # those that were wrong, by client

    def secrets(self, found: Findings, incoming: Incoming) -> tuple[list[FoundSecret], int]:
        """What must be hidden in an update, and how many codes were wrong."""
        others, before = self.others.get(incoming.payload, ()), self._tries.total()
        secrets = [one for one in (*found.secrets, *others) if self._is_secret(one, incoming)]
        return secrets, self._tries.total() - before

    def is_handled(self, incoming: Incoming, said: Collection[SecretKind]) -> bool:
        """Whether a message is met for the secrets in it before its words are.

        A code is, where the company gives such codes out; a token and a key are everywhere.
        """
        if incoming.kind is not UpdateKind.MESSAGE:
            return False
        is_tried = incoming.private and self._is_guarded(incoming)
        return not LEAKS.isdisjoint(said) or (SecretKind.CODE in said and is_tried)

    def _is_secret(self, found: FoundSecret, incoming: Incoming) -> bool:
        if found.kind is not SecretKind.CODE:
            return True
        client = _chat_id(incoming)
        may_guess = found.counts and self._is_guarded(incoming)
        tries = self.lookup.tries.get(client, 0) + self._tries[client]
        if may_guess and (tries >= TRIES or found.text not in self.digests):
            return True  # from now on nothing may tell a right word from a wrong one
        if self.lookup.known.intersection(self.digests.get(found.text, ())):
            return True
        if may_guess:
            self._tries[client] += 1
        return False

    def _is_guarded(self, incoming: Incoming) -> bool:
        return incoming.may_be_read and _chat_id(incoming) in self.lookup.guarded


def _may_hold_codes(found: Findings) -> bool:
    likely = any(one.kind is SecretKind.CODE for one in found.secrets)
    return likely or next(found.others(), None) is not None


def _chat_id(incoming: Incoming) -> str:
    return incoming.address.chat_id if incoming.address else ""

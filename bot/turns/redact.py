"""Before T1: an update is stored without the secrets in it, which are kept beside it, encrypted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.invitations import digest
from bot.core.secrets import Found, SecretKind, canonical, find, redact
from bot.ports import Clock, Vault
from db.engine import Database
from db.records import Draft, Incoming, OutboxKind, Secret, UpdateKind
from db.secrets import reveal
from db.unlocking import TRIES, Lookup, look_up

CODE_PURPOSE = "access code"
TO_THE_MODEL = (UpdateKind.MESSAGE, UpdateKind.EDIT)


@dataclass(frozen=True, slots=True)
class Redaction:
    """Takes the secrets out of updates, and gives them to those who handle one.

    Without a key none is kept; they are taken out all the same.
    """

    database: Database
    vault: Vault
    clock: Clock

    async def redact(self, bot_id: int, batch: Sequence[Incoming]) -> list[Incoming]:
        """The updates as they may be stored."""
        found = [find(one.payload) for one in batch]
        if not any(found):
            return list(batch)
        judge = await self._judge(bot_id, batch, found)
        return [self._redact(one, judge, held) for one, held in zip(batch, found, strict=True)]

    async def secrets(self, update_row: int) -> tuple[Found, ...]:
        """What an update said and was stored without, until it is handled.

        Of an invitation its digest. Raises SecretLost when SECRET_KEY no longer has the key.
        """
        kept = await self.database.read(lambda c: reveal(c, update_row))
        return tuple(Found(SecretKind(one.kind), self._open(one), spoken=True) for one in kept)

    def digests(self, code: str) -> tuple[str, ...]:
        """By what an access code is known; the first is the one to store."""
        return self.vault.digests(canonical(code), purpose=CODE_PURPOSE)

    def seal(self, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
        """Messages whose text is kept encrypted, and is gone once they are sent."""
        return tuple(
            replace(one, kind=OutboxKind.SECRET, text=self.vault.encrypt(one.text))
            for one in drafts
        )

    def _redact(self, incoming: Incoming, judge: "_Judge", found: Sequence[Found]) -> Incoming:
        secrets = [one for one in found if judge.is_secret(one, incoming)]
        incoming = replace(incoming, wrong_codes=judge.count_wrong())
        if not secrets:
            return incoming
        spoken = [one for one in secrets if one.spoken]
        opens = any(one.kind is SecretKind.CODE for one in spoken)
        return replace(
            incoming,
            payload=redact(incoming.payload, secrets),
            kind=UpdateKind.EVENT if opens and _is_private_message(incoming) else incoming.kind,
            secrets=tuple(self._seal(one) for one in spoken if self._may_keep(one)),
        )

    def _may_keep(self, found: Found) -> bool:
        return self.vault.sealed or found.kind is SecretKind.INVITATION

    def _seal(self, found: Found) -> Secret:
        if found.kind is SecretKind.INVITATION:  # no key is needed: this opens nothing
            return Secret(found.kind, digest(found.text))
        return Secret(found.kind, self.vault.encrypt(found.text))

    def _open(self, kept: Secret) -> str:
        return kept.body if kept.kind == SecretKind.INVITATION else self.vault.decrypt(kept.body)

    async def _judge(
        self, bot_id: int, batch: Sequence[Incoming], found: Sequence[Sequence[Found]]
    ) -> "_Judge":
        words = {one.text for held in found for one in held if one.kind is SecretKind.CODE}
        digests = {word: self.digests(word) for word in words}
        asked = [digest for each in digests.values() for digest in each]
        if not asked:
            return _Judge(Lookup(), digests)
        clients = {one.address.chat_id for one in batch if one.address and one.address.private}
        lookup = await self.database.read(
            lambda connection: look_up(
                connection, bot_id=bot_id, clients=clients, digests=asked, now=self.clock.now()
            )
        )
        return _Judge(lookup, digests)


@dataclass(slots=True)
class _Judge:
    """Tells codes from other words, counting those that are wrong."""

    lookup: Lookup
    digests: Mapping[str, tuple[str, ...]]
    _wrong: int = 0
    _tries: Counter[int] = field(default_factory=Counter)

    def is_secret(self, found: Found, incoming: Incoming) -> bool:
        if found.kind is not SecretKind.CODE:
            return True
        client = incoming.address.chat_id if incoming.address else 0
        guarded = client in self.lookup.guarded and incoming.kind in TO_THE_MODEL
        tries = self.lookup.tries.get(client, 0) + self._tries[client]
        if guarded and tries >= TRIES:
            return True  # from now on nothing may tell a right word from a wrong one
        if self.lookup.known.intersection(self.digests[found.text]):
            return True
        if guarded and found.spoken:
            self._tries[client] += 1
            self._wrong += 1
        return False

    def count_wrong(self) -> int:
        """How many were wrong since this was asked last."""
        wrong, self._wrong = self._wrong, 0
        return wrong


def _is_private_message(incoming: Incoming) -> bool:
    private = incoming.address is not None and incoming.address.private
    return private and incoming.kind is UpdateKind.MESSAGE

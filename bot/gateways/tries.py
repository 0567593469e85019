"""A request that OpenAI's own client sends once more, when nothing came back.

It says which try this is, and sends no Idempotency-Key. So the id of a question begins with a hash
of all that was asked, and a later try goes on under the id that the first one was given. Others may
ask the same: a question is looked for only where the client says that it was asked before.
"""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from starlette.requests import Request

from bot.gateways.completion_bodies import Completion
from bot.gateways.counter import LAST, chat_of
from bot.web.api import API
from bot.web.letter import own_id
from bot.web.visitors import Program
from db.entries import log_at, messages_before, newest_chat
from db.log import EntryKind
from db.records import Address
from db.sites import WEB

COUNT: Final = "x-stainless-retry-count"  # "0" of the first try
MARK: Final = 16  # hexadecimal digits of the hash, and as many to tell questions apart
SOON: Final = 300.0  # seconds after the first try within which the last one comes
_PURPOSE: Final = "gateway retries"


@dataclass(frozen=True, slots=True)
class Tries:
    """Questions of one `route`'s clients."""

    api: API
    route: str

    async def id_of(
        self, request: Request, program: Program, caller: str | None, body: Completion
    ) -> str:
        """Under which a question is stored; the one that it has, where it was tried before."""
        asked = f"{program.key.bot_id}/{caller}/{body.model_dump_json()}"
        mark = self.api.vault.digests(asked, purpose=_PURPOSE)[0][:MARK]
        is_later = request.headers.get(COUNT, "0") != "0"
        before = await self._before(program, caller, mark) if is_later else None
        return before or mark + uuid4().hex[:MARK]

    async def _before(self, program: Program, caller: str | None, mark: str) -> str | None:
        """The id of what was asked last in the chat, if it was this and not long ago.

        Where nobody named a conversation, the chat has the id of its only question.
        """
        database, bot = self.api.database, program.key.bot_id
        named = chat_of(self.route, caller or mark)
        chat = named if caller else await database.read(newest_chat, bot, named)
        state = await database.read(log_at, Address(WEB, bot, chat)) if chat else None
        if state is None:
            return None
        shown = await database.read(messages_before, state.chat, None, limit=LAST)
        heard = [one for one in shown if one.kind is EntryKind.HEARD][-1:]
        found = [own_id(one.message_id or "") for one in heard if self._is_fresh(one.at)]
        return next((own for own in found if own.startswith(mark)), None)

    def _is_fresh(self, at: float) -> bool:
        return self.api.clock.now() - at < SOON

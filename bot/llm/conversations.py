"""The model's memory of a thread: OpenAI's Conversations and their items."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

from openai import AsyncOpenAI, omit
from openai.types.responses import ResponseInputItemParam

from bot.core.calls import Output
from bot.errors import ConversationGone, GiveUp, Unauthorized, Unserved
from bot.llm.answers import read_item, text_of
from bot.llm.catalogue import tell_apart
from bot.llm.errors import read_page, translated
from bot.llm.refusal import NotFound
from bot.llm.requests import keeps_cache, write_beginning, write_items, write_outputs
from bot.ports import Item, Line

Json = dict[str, Any]

_ADDED_PER_CALL: Final = 20
_LISTED_PER_CALL: Final = 100
_NOBODYS: Final = "conv_0"  # a conversation that nobody has


@dataclass(frozen=True, slots=True)
class OpenAIConversations:
    """Those of `bot.ports.Model`, behind an OpenAI endpoint."""

    api: AsyncOpenAI
    marks_prefix: bool = field(default=True, kw_only=True)

    async def create_conversation(self) -> str:
        """A new, empty conversation's id."""
        async with tell_apart(self.api):
            return (await translated(self.api.conversations.create())).id

    async def check_conversations(self) -> None:
        """Return if the server has conversations. Raises Unserved where it has none."""
        async with tell_apart(self.api):
            try:
                await translated(self.api.conversations.retrieve(_NOBODYS))
            except (Unauthorized, Unserved):
                raise
            except GiveUp:
                return  # it has looked for that one

    async def seed(self, conversation_id: str, lines: Sequence[Line], *, model: str) -> str | None:
        """Add lines, but for those that an earlier, interrupted seed added; the last item's id."""
        marked = self.marks_prefix and keeps_cache(model)
        items = [*([write_beginning()] if marked else []), *write_items(lines)]
        there = await self._list_items(conversation_id)
        known = [(item.get("role"), text_of(item)) for item in there]
        if known == [(item["role"], text_of(item)) for item in items[: len(known)]]:
            items = items[len(known) :]
        added = await self._add_items(conversation_id, items)
        return added or (str(there[-1]["id"]) if there else None)

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        """The newer items, oldest first; all of them when that item is not there (any more)."""
        try:
            found = await self._list_items(conversation_id, after=item_id)
        except NotFound:
            found = await self._list_items(conversation_id)
        once: dict[str, Json] = {}
        for item in found:  # some servers repeat one
            once.setdefault(item["id"], item)
        return tuple(map(read_item, once.values()))

    async def answer_calls(self, conversation_id: str, outputs: Sequence[Output]) -> None:
        """Say of each call what it brought."""
        await self._add_items(conversation_id, [*write_outputs(outputs)])

    async def erase(self, conversation_id: str) -> None:
        """Delete the items, which would outlive their conversation, then the conversation."""
        with suppress(ConversationGone):
            for item in await self._list_items(conversation_id):
                with suppress(NotFound):
                    await translated(
                        self.api.conversations.items.delete(
                            item["id"], conversation_id=conversation_id
                        )
                    )
            await translated(self.api.conversations.delete(conversation_id))

    async def erase_response(self, response_id: str) -> None:
        """Delete what is stored of an answer for a month, with all that was sent for it."""
        with suppress(NotFound):
            await translated(self.api.responses.delete(response_id))

    async def _add_items(self, conversation_id: str, items: Sequence[Json]) -> str | None:
        last = None
        for start in range(0, len(items), _ADDED_PER_CALL):
            batch = cast("list[ResponseInputItemParam]", items[start : start + _ADDED_PER_CALL])
            last = await translated(
                self.api.conversations.items.create(conversation_id, items=batch)
            )
        return last.last_id if last else None

    async def _list_items(self, conversation_id: str, *, after: str | None = None) -> list[Json]:
        return await translated(self._collect_items(conversation_id, after))

    async def _collect_items(self, conversation_id: str, after: str | None) -> list[Json]:
        page = await read_page(
            self.api.conversations.items.list(
                conversation_id, after=after or omit, limit=_LISTED_PER_CALL, order="asc"
            )
        )
        found = [item.to_dict(warnings=False) for item in page.data]
        known = {item["id"] for item in found}
        while page.has_next_page():
            page = await read_page(page.get_next_page())
            found += [item.to_dict(warnings=False) for item in page.data]
            known |= {item["id"] for item in found}
            if len(found) - len(known) > _LISTED_PER_CALL:  # it lists the same ones for ever
                break
        return found

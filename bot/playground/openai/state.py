"""What the emulated API remembers: conversations, items and responses."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.playground.openai.api_error import ApiError, Json, conversation_locked, not_found
from bot.playground.openai.archive import Archive, Record
from bot.playground.openai.items import new_id
from bot.playground.openai.parts import MEDIA


@dataclass(slots=True)
class Conversation:
    """A conversation and the items it shows, oldest first."""

    conversation_id: str
    created_at: int
    metadata: Json
    items: dict[str, Json] = field(default_factory=dict)
    busy: bool = False  # a response is under way

    def body(self) -> Json:
        """The object that the API shows."""
        return {
            "id": self.conversation_id,
            "object": "conversation",
            "created_at": self.created_at,
            "metadata": self.metadata,
        }


@dataclass(slots=True)
class Answered:
    """A response, with what it takes to continue from it."""

    body: Json
    input_items: list[Json]
    stop: asyncio.Event = field(default_factory=asyncio.Event)  # its client left, or cancelled it

    @property
    def response_id(self) -> str:
        """Its `resp_…` id."""
        return str(self.body["id"])


@dataclass(slots=True)
class State:
    """All objects of the API. Items outlive their conversation, as they do there."""

    archive: Archive
    conversations: dict[str, Conversation] = field(default_factory=dict)
    items: dict[str, Json] = field(default_factory=dict)
    responses: dict[str, Answered] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _, body in self.archive.load("conversation"):
            self.conversations[body["id"]] = Conversation(
                body["id"], body["created_at"], body["metadata"]
            )
        for owner, item in self.archive.load("item"):
            self.items[item["id"]] = item
            if owner in self.conversations:
                self.conversations[owner].items[item["id"]] = item
        for _, body in self.archive.load("response"):
            self.responses[body["body"]["id"]] = Answered(body["body"], body["input_items"])

    def create_conversation(self, metadata: Json, items: Sequence[Json]) -> Conversation:
        """Open a conversation, with its first items."""
        made = Conversation(new_id("conv"), int(time.time()), metadata)
        self.conversations[made.conversation_id] = made
        self.archive.put([("conversation", made.conversation_id, None, made.body())])
        self.add_items(made, items)
        return made

    def conversation(self, conversation_id: str) -> Conversation:
        """Look one up. Raises ApiError (404)."""
        try:
            return self.conversations[conversation_id]
        except KeyError:
            raise not_found("Conversation", conversation_id) from None

    def lock(self, conversation_id: str) -> Conversation:
        """Reserve a conversation for one response. Raises ApiError (404, or locked)."""
        found = self.conversation(conversation_id)
        if found.busy:
            raise conversation_locked()
        found.busy = True
        return found

    def update_metadata(self, conversation: Conversation, metadata: Json) -> None:
        """Replace a conversation's metadata."""
        conversation.metadata = metadata
        self.archive.put(
            [("conversation", conversation.conversation_id, None, conversation.body())]
        )

    def delete_conversation(self, conversation_id: str) -> None:
        """Forget the conversation, not its items. Raises ApiError (404)."""
        self.conversation(conversation_id)
        del self.conversations[conversation_id]
        self.archive.delete("conversation", conversation_id)

    def add_items(self, conversation: Conversation, items: Iterable[Json]) -> None:
        """Append items, all at once."""
        self.archive.put(self._adopt_items(conversation, items))

    def commit(
        self, answered: Answered | None, *, conversation: Conversation | None, items: Sequence[Json]
    ) -> None:
        """Keep a response that is over and its conversation's new items: both, or neither."""
        records: list[Record] = []
        if answered is not None:
            self.responses[answered.response_id] = answered
            body = {"body": answered.body, "input_items": answered.input_items}
            records.append(("response", answered.response_id, None, body))
        if conversation is not None and conversation.conversation_id in self.conversations:
            records += self._adopt_items(conversation, items)
        self.archive.put(records)

    def item(self, conversation: Conversation, item_id: str) -> Json:
        """Look an item up. Raises ApiError (404)."""
        try:
            return conversation.items[item_id]
        except KeyError:
            raise not_found("Conversation item", item_id) from None

    def delete_item(self, conversation: Conversation, item_id: str) -> None:
        """Remove an item for good. Raises ApiError (404)."""
        self.item(conversation, item_id)
        del conversation.items[item_id]
        del self.items[item_id]
        self.archive.delete("item", item_id)

    def media(self) -> list[Json]:
        """Every picture and file that is still held here, once, be it in an item or a response."""
        inputs = (item for one in self.responses.values() for item in one.input_items)
        held = {item["id"]: item for item in (*inputs, *self.items.values())}
        parts = (part for item in held.values() for part in item.get("content", ()))
        return [part for part in parts if part["type"] in MEDIA]

    def response(self, response_id: str) -> Answered:
        """Look a response up. Raises ApiError (404)."""
        try:
            return self.responses[response_id]
        except KeyError:
            raise not_found("Response", response_id) from None

    def delete_response(self, response_id: str) -> None:
        """Forget a response. Raises ApiError (404)."""
        self.response(response_id)
        del self.responses[response_id]
        self.archive.delete("response", response_id)

    def history(self, response_id: str) -> list[Json]:
        """Every item up to and including this response. Raises ApiError (400)."""
        chain: list[list[Json]] = []
        current: str | None = response_id
        while current is not None:
            answered = self.responses.get(current)
            if answered is None:
                raise ApiError(
                    400,
                    f"Previous response with id '{current}' not found.",
                    "previous_response_not_found",
                    "previous_response_id",
                )
            chain.append([*answered.input_items, *answered.body["output"]])
            current = answered.body["previous_response_id"]
        return [item for part in reversed(chain) for item in part]

    def _adopt_items(self, conversation: Conversation, items: Iterable[Json]) -> list[Record]:
        named = ({**item, "id": item["id"] or new_id("fc")} for item in items)
        new = {item["id"]: item for item in named}
        self.items.update(new)
        conversation.items.update(new)
        return [("item", key, conversation.conversation_id, item) for key, item in new.items()]

"""The endpoints under /v1/conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.openai.api_error import (
    Json,
    invalid_value,
    missing_parameter,
    not_found,
    too_large,
    too_many,
    too_small,
)
from bot.playground.openai.faults import FaultKind
from bot.playground.openai.gate import Asked, Gate
from bot.playground.openai.items import read_input
from bot.playground.openai.parts import IMAGE
from bot.playground.openai.request import read_metadata
from bot.playground.openai.state import Conversation, State

_PICTURES = "message.input_image.image_url"  # of `include`
_MOST_ITEMS = 20  # in one call
_MOST_LISTED = 100
_USUALLY_LISTED = 20


@dataclass(frozen=True, slots=True)
class Conversations:
    """Conversations and their items."""

    state: State

    def routes(self, gate: Gate) -> list[Route]:
        """The endpoints, behind the gate."""
        one = "/v1/conversations/{conversation_id}"
        item = one + "/items/{item_id}"
        table = [
            ("POST", "/v1/conversations", "conversations.create", self.create),
            ("GET", one, "conversations.retrieve", self.retrieve),
            ("POST", one, "conversations.update", self.update),
            ("DELETE", one, "conversations.delete", self.delete),
            ("GET", one + "/items", "items.list", self.list_items),
            ("POST", one + "/items", "items.create", self.create_items),
            ("GET", item, "items.retrieve", self.retrieve_item),
            ("DELETE", item, "items.delete", self.delete_item),
        ]
        return [
            Route(path, gate.guard(operation, handler), methods=[method])
            for method, path, operation, handler in table
        ]

    def create(self, asked: Asked) -> Response:
        items = _read_items(asked.body.get("items") or [])
        conversation = self.state.create_conversation(read_metadata(asked.body), items)
        return JSONResponse(conversation.body())

    def retrieve(self, asked: Asked) -> Response:
        return JSONResponse(self._find(asked).body())

    def update(self, asked: Asked) -> Response:
        conversation = self._find(asked)
        if "metadata" not in asked.body:
            raise missing_parameter("metadata")
        self.state.update_metadata(conversation, read_metadata(asked.body))
        return JSONResponse(conversation.body())

    def delete(self, asked: Asked) -> Response:
        conversation_id = asked.path["conversation_id"]
        self.state.delete_conversation(conversation_id)
        return JSONResponse(
            {"id": conversation_id, "object": "conversation.deleted", "deleted": True}
        )

    def list_items(self, asked: Asked) -> Response:
        items = self._find(asked).items
        if asked.fault.kind is FaultKind.SAME_PAGE:
            return JSONResponse(_listing([*items.values()], has_more=True))
        shown = {key: _show(item, asked.query) for key, item in items.items()}
        return JSONResponse(_page(shown, asked.query))

    def create_items(self, asked: Asked) -> Response:
        conversation = self._find(asked)
        if "items" not in asked.body:
            raise missing_parameter("items")
        items = _read_items(asked.body["items"])
        self.state.add_items(conversation, items)
        shown = [_show(item, asked.query) for item in items]
        return JSONResponse(_listing(shown, has_more=False))

    def retrieve_item(self, asked: Asked) -> Response:
        item = self.state.item(self._find(asked), asked.path["item_id"])
        return JSONResponse(_show(item, asked.query))

    def delete_item(self, asked: Asked) -> Response:
        conversation = self._find(asked)
        self.state.delete_item(conversation, asked.path["item_id"])
        return JSONResponse(conversation.body())

    def _find(self, asked: Asked) -> Conversation:
        return self.state.conversation(asked.path["conversation_id"])


def _show(item: Json, query: dict[str, str]) -> Json:
    """An item without the bytes of its pictures, unless they are asked for."""
    if _PICTURES in query.values() or item["type"] != "message":
        return item
    content = [
        part | {"image_url": None} if part["type"] == IMAGE else part for part in item["content"]
    ]
    return item | {"content": content}


def _read_items(value: object) -> list[Json]:
    if not isinstance(value, list):
        raise invalid_value("items", "expected an array of items.")
    if len(value) > _MOST_ITEMS:
        raise too_many("items", len(value), most=_MOST_ITEMS)
    return read_input(value, param="items")


def _page(items: dict[str, Json], query: dict[str, str]) -> Json:
    limit = _read_limit(query.get("limit", str(_USUALLY_LISTED)))
    order = query.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise invalid_value("order", f"'{order}'. Supported values are: 'asc' and 'desc'.")
    ids = list(items) if order == "asc" else list(reversed(items))
    start = 0
    if after := query.get("after"):
        if after not in items:
            raise not_found("Conversation item", after)
        start = ids.index(after) + 1
    page = [items[item_id] for item_id in islice(ids, start, start + limit)]
    return _listing(page, has_more=start + limit < len(ids))


def _read_limit(text: str) -> int:
    if not text.lstrip("-").isdecimal():
        raise invalid_value("limit", "expected an integer.")
    limit = int(text)
    if limit < 1:
        raise too_small("limit", limit, least=1)
    if limit > _MOST_LISTED:
        raise too_large("limit", limit, most=_MOST_LISTED)
    return limit


def _listing(items: Sequence[Json], *, has_more: bool) -> Json:
    return {
        "object": "list",
        "data": list(items),
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": has_more,
    }

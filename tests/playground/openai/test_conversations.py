import aiohttp
import openai
import pytest
from openai.types.conversations import Message
from openai.types.responses import EasyInputMessageParam

from bot.playground.openai import Emulator
from tests.playground.openai.asking import list_items, read_texts


def line(role: str, text: str) -> EasyInputMessageParam:
    return {"role": role, "content": text}  # type: ignore[typeddict-item]  # tests vary it


async def test_a_conversation_is_created_with_metadata_and_items(api: openai.AsyncOpenAI) -> None:
    made = await api.conversations.create(
        metadata={"chat": "7"}, items=[line("user", "Hi"), line("assistant", "Hello!")]
    )

    assert made.id.startswith("conv_")
    assert (await api.conversations.retrieve(made.id)).metadata == {"chat": "7"}
    assert await read_texts(api, made.id) == [("user", "Hi"), ("assistant", "Hello!")]


async def test_metadata_is_replaced(api: openai.AsyncOpenAI, conversation: str) -> None:
    await api.conversations.update(conversation, metadata={"a": "b"})

    assert (await api.conversations.retrieve(conversation)).metadata == {"a": "b"}


async def test_an_unknown_conversation_is_404_with_the_facts_wording(
    api: openai.AsyncOpenAI,
) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        await api.conversations.retrieve("conv_x")

    assert caught.value.body == {
        "message": "Conversation with id 'conv_x' not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }


async def test_a_second_delete_is_404(api: openai.AsyncOpenAI, conversation: str) -> None:
    deleted = await api.conversations.delete(conversation)
    assert deleted.deleted

    with pytest.raises(openai.NotFoundError):
        await api.conversations.delete(conversation)


async def test_a_deleted_conversation_leaves_its_items_behind(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    await api.conversations.items.create(conversation, items=[line("user", "Hi")])

    await api.conversations.delete(conversation)

    assert len(emulator.state.items) == 1


async def test_an_item_is_retrieved_and_deleted(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    added = await api.conversations.items.create(conversation, items=[line("user", "Hi")])
    item_id = added.data[0].id
    assert item_id is not None
    found = await api.conversations.items.retrieve(item_id, conversation_id=conversation)
    assert isinstance(found, Message)

    await api.conversations.items.delete(item_id, conversation_id=conversation)

    assert not emulator.state.items
    with pytest.raises(openai.NotFoundError):
        await api.conversations.items.retrieve(item_id, conversation_id=conversation)


async def test_at_most_20_items_a_call(api: openai.AsyncOpenAI, conversation: str) -> None:
    lines = [line("user", str(number)) for number in range(21)]

    with pytest.raises(openai.BadRequestError) as caught:
        await api.conversations.items.create(conversation, items=lines)

    assert caught.value.code == "array_above_max_length"
    assert not await list_items(api, conversation)


async def test_pages_go_on_after_an_item(raw: aiohttp.ClientSession, conversation: str) -> None:
    path = f"/v1/conversations/{conversation}/items"
    lines = [{"role": "user", "content": str(number)} for number in range(5)]
    async with raw.post(path, json={"items": lines}) as answer:
        ids = [item["id"] for item in (await answer.json())["data"]]

    async with raw.get(path, params={"order": "asc", "limit": "2"}) as answer:
        first = await answer.json()
    async with raw.get(path, params={"order": "asc", "after": first["last_id"]}) as answer:
        second = await answer.json()

    assert [item["id"] for item in first["data"]] == ids[:2]
    assert (first["object"], first["first_id"], first["has_more"]) == ("list", ids[0], True)
    assert [item["id"] for item in second["data"]] == ids[2:]
    assert (second["last_id"], second["has_more"]) == (ids[-1], False)


async def test_all_pages_are_read_by_the_sdk(api: openai.AsyncOpenAI, conversation: str) -> None:
    for _ in range(3):
        lines = [line("user", str(number)) for number in range(20)]
        await api.conversations.items.create(conversation, items=lines)

    assert len(await list_items(api, conversation)) == 60


async def test_the_newest_item_comes_first_by_default(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    await api.conversations.items.create(conversation, items=[line("user", "1"), line("user", "2")])
    listed = await api.conversations.items.list(conversation)

    newest = listed.data[0]

    assert isinstance(newest, Message)
    assert getattr(newest.content[0], "text", None) == "2"


@pytest.mark.parametrize("limit", [0, 101])
async def test_a_page_has_1_to_100_items(
    api: openai.AsyncOpenAI, conversation: str, limit: int
) -> None:
    with pytest.raises(openai.BadRequestError):
        await api.conversations.items.list(conversation, limit=limit)


@pytest.mark.parametrize(
    "metadata",
    [{str(n): "x" for n in range(17)}, {"k" * 65: "x"}, {"k": "x" * 513}],
    ids=["17 pairs", "a key of 65", "a value of 513"],
)
async def test_metadata_has_limits(api: openai.AsyncOpenAI, metadata: dict[str, str]) -> None:
    with pytest.raises(openai.BadRequestError):
        await api.conversations.create(metadata=metadata)

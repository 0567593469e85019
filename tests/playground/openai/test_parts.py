"""Pictures and files in a question: what is taken, what it costs, and what is left of them."""

import re
from typing import Any

import aiohttp
import openai
import pytest

from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from bot.playground.openai.timing import Received, Records
from tests.playground.openai.asking import MODEL
from tests.samples import PDF, data_url, gif, jpeg, png, webp


def image(content: bytes, *, said: str = "image/jpeg", detail: str = "high") -> dict[str, Any]:
    return {"type": "input_image", "detail": detail, "image_url": data_url(said, content)}


def file(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    url = data_url("application/octet-stream", content)
    return {"type": "input_file", "filename": name, "file_data": url, **more}


async def show(
    api: openai.AsyncOpenAI, *parts: dict[str, Any], conversation: str | None = None
) -> Any:
    words: dict[str, Any] = {"type": "input_text", "text": "Che camera è?"}
    message: Any = {"role": "user", "content": [words, *parts]}
    return await api.responses.create(model=MODEL, input=[message], conversation=conversation)


@pytest.mark.parametrize("content", [jpeg(), png(), gif(), webp()])
async def test_four_formats_are_looked_at(api: openai.AsyncOpenAI, content: bytes) -> None:
    assert (await show(api, image(content))).status == "completed"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (image(b"GIF what?"), "image_parse_error"),
        (image(b"\x00\x00\x00\x18ftypheic"), "image_parse_error"),
        (image(jpeg(), said="application/pdf"), "invalid_image_format"),
        (image(gif(frames=2)), "invalid_image_format"),
        (image(b""), "empty_image_file"),
        (image(jpeg(0, 10)), "image_parse_error"),
        (image(jpeg()) | {"image_url": "data:image/png;base64,???"}, "invalid_base64_image"),
        (image(jpeg()) | {"image_url": "https://example.com/a.png"}, "invalid_image_url"),
        (
            image(jpeg()) | {"image_url": "data:image/png;base64," + "A" * 20_971_520},
            "string_above",
        ),
        (image(jpeg()) | {"detail": "best"}, "invalid_value"),
        ({"type": "input_image", "image_url": data_url("image/png", png())}, "missing_required"),
        ({"type": "input_image", "detail": "low"}, "missing_required"),
        (image(jpeg()) | {"alt": "A room"}, "unknown_parameter"),
        (file("menu.pdf", b"no PDF"), "unsupported_file"),
        (file("menu.exe", b"MZ"), "unsupported_file"),
        (file("menu.txt", b""), "unsupported_file"),
        (file("", b"Menu"), "missing_required"),
        (file("menu.txt", b"Menu", detail="original"), "invalid_value"),
        ({"type": "input_file", "file_url": "https://example.com/a.pdf"}, "invalid_value"),
    ],
)
async def test_what_cannot_be_looked_at_is_refused(
    api: openai.AsyncOpenAI, part: dict[str, Any], code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await show(api, part)
    assert str(refusal.value.code).startswith(code)
    assert re.match(r"input\[0\]\.content\[1\]", refusal.value.param or "")


async def test_files_of_more_than_50_megabytes_together_are_refused(
    api: openai.AsyncOpenAI,
) -> None:
    half = file("menu.txt", b"x" * 26 * 1024 * 1024)
    with pytest.raises(openai.BadRequestError, match="exceed the limit"):
        await show(api, half, half)


async def test_nothing_was_ever_uploaded_so_no_file_has_an_id(api: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="'file-1' not found"):
        await show(api, {"type": "input_image", "detail": "low", "file_id": "file-1"})


@pytest.mark.parametrize(
    ("part", "tokens"),
    [
        (image(jpeg(1280, 960)), 1_200),
        (image(jpeg(33, 32)), 2),
        (image(jpeg(8000, 6000)), 2_500),
        (image(jpeg(8000, 6000), detail="original"), 47_000),
        (image(jpeg(8000, 6000), detail="auto"), 47_000),
        (image(jpeg(1280, 960), detail="low"), 256),
        (file("menu.txt", b"x" * 4_000), 1_000),
        (file("menu.pdf", PDF, detail="low"), 600),
        (file("menu.pdf", PDF), 3_000),
    ],
)
async def test_what_is_shown_costs_what_it_is_large(
    api: openai.AsyncOpenAI, part: dict[str, Any], tokens: int
) -> None:
    without = (await show(api)).usage.input_tokens
    assert (await show(api, part)).usage.input_tokens == without + tokens


async def test_the_model_hears_the_words_beside_a_picture_to_the_letter(
    api: openai.AsyncOpenAI, emulator: Emulator
) -> None:
    emulator.script.add([Reply(raw="{input}")])
    assert (await show(api, image(jpeg()))).output_text == "Che camera è?"


@pytest.mark.parametrize("kind", ["input_image", "input_file"])
async def test_a_model_may_lack_a_sense(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str, kind: str
) -> None:
    part = image(jpeg()) if kind == "input_image" else file("menu.txt", b"Menu")
    await show(api, part, conversation=conversation)
    async with raw.post("/control/models", json={"model": MODEL, "refuses": [kind]}) as answer:
        assert answer.status == 204

    with pytest.raises(openai.BadRequestError, match=f"'{kind}' is not supported with") as refusal:
        await show(api, part)
    assert refusal.value.code == "unsupported_value"
    with pytest.raises(openai.BadRequestError, match="not supported"):  # also what was said before
        await show(api, conversation=conversation)
    assert (await show(api)).status == "completed"


async def test_what_is_held_can_be_asked_until_all_of_it_is_deleted(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    picture, menu = image(jpeg()), file("menu.pdf", PDF)
    answer = await show(api, picture, menu, conversation=conversation)
    held = emulator.state.media()
    assert [part["type"] for part in held] == ["input_image", "input_file"]
    assert (held[0]["image_url"], held[1]["filename"]) == (picture["image_url"], "menu.pdf")

    await api.responses.delete(answer.id)
    await api.conversations.delete(conversation)
    assert len(emulator.state.media()) == 2  # items outlive their conversation
    emulator.state.items.clear()
    assert emulator.state.media() == []


async def test_a_response_holds_what_its_conversation_no_longer_does(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    answer = await show(api, image(jpeg()), conversation=conversation)
    async for item in api.conversations.items.list(conversation):
        await api.conversations.items.delete(item.id or "", conversation_id=conversation)
    async with raw.get("/control/media") as held:
        assert len(await held.json()) == 1
    await api.responses.delete(answer.id)
    async with raw.get("/control/media") as held:
        assert await held.json() == []


async def test_the_bytes_of_a_picture_are_listed_for_who_asks(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    await show(api, image(jpeg()), conversation=conversation)
    [item, _] = (await api.conversations.items.list(conversation, order="asc")).data
    assert item.to_dict()["content"][1]["image_url"] is None  # type: ignore[index] # a message's
    include: Any = ["message.input_image.image_url"]
    for shown in (
        (await api.conversations.items.list(conversation, order="asc", include=include)).data[0],
        await api.conversations.items.retrieve(
            item.id or "", conversation_id=conversation, include=include
        ),
    ):
        assert shown.to_dict()["content"][1]["image_url"]  # type: ignore[index] # the same


async def test_a_fault_strikes_a_question_with_a_picture_like_any_other(
    api: openai.AsyncOpenAI, emulator: Emulator
) -> None:
    emulator.faults.add(Fault(FaultKind.STATUS, status=400, code="invalid_image_format"))
    with pytest.raises(openai.BadRequestError) as refusal:
        await show(api, image(jpeg()))
    assert refusal.value.code == "invalid_image_format"


def test_requests_are_forgotten_before_they_fill_the_memory() -> None:
    records = Records()
    for at in range(40):
        records.note(Received("POST", "/v1/responses", {}, at, size=20 * 1024 * 1024))
    assert [one.at for one in records.requests] == [*range(28, 40)]
    records.clear()
    for at in range(2_001):
        records.note(Received("POST", "/v1/responses", {}, at))
    assert [one.at for one in records.requests] == [*range(1, 2_001)]

"""What OpenAI's own client shows and says beside words: looked at, heard and read."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import APIStatusError, AsyncOpenAI, BadRequestError, RateLimitError

from bot.gateways.completion_bodies import NOTHING
from bot.gateways.completion_parts import beside_in, words_in
from bot.gateways.completions import BODY_BYTES, LARGE_OF_A_KEY, LARGEST_BODY
from bot.net.outside import open_outside
from bot.playground.voices import silence, with_words
from db.api_keys import Scope
from tests.backends import on_both
from tests.gateways.openai_client import (
    ANNA,
    client_of,
    complete,
    said_in,
    streamed,
    text_of,
    user,
)
from tests.gateways.test_files import Slow, named, shows
from tests.patience import PATIENCE_SECONDS
from tests.samples import data_url, jpeg
from tests.scenarios.stage import Stage
from tests.scenarios.test_attachments import transcribed, what_was_shown
from tests.systems import serving
from tests.web.conftest import Programs
from tests.web.reader import Reader
from tests.web.test_files import kept

Part = dict[str, Any]
SPOKEN: Final = with_words(silence(2), "Avete posto?")


def words(text: str) -> Part:
    return {"type": "text", "text": text}


def image(url: str) -> Part:
    return {"type": "image_url", "image_url": {"url": url, "detail": "low"}}


def in_base64(content: bytes) -> str:
    return b64encode(content).decode()


def audio(content: bytes) -> Part:
    return {"type": "input_audio", "input_audio": {"data": in_base64(content), "format": "wav"}}


def file(data: str, name: str) -> Part:
    return {"type": "file", "file": {"file_data": data, "filename": name}}


@pytest.fixture
async def crm(stage: Stage, program: Programs) -> Reader:
    """A program; this machine stands for the internet."""
    await stage.closes()
    stage.way_out = partial(open_outside, ("127.0.0.1",))
    await stage.opens()
    return await program(Scope.CHAT)


@pytest.fixture
async def openai(crm: Reader) -> AsyncIterator[AsyncOpenAI]:
    async with client_of(crm) as made:
        yield made


@on_both
async def test_what_is_shown_and_said_is_looked_at_heard_and_read(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """One message of the client's, as if it had been sent; of those before nothing is."""
    before = user([words("Prima"), image(data_url("image/jpeg", jpeg()))])
    async with serving(shows) as system:
        (there,) = named(system, "/camera.jpg")
        shown = [
            image(there["url"]),
            words("Quale?"),
            audio(SPOKEN),
            file(data_url("text/plain", b"Apriamo alle 8:30."), "menu"),
            file(in_base64(b"camera,80"), "prezzi.csv"),
        ]
        stage.will_say("La Classic.")
        told = await complete(openai, before, user(shown), extra_headers=ANNA)
    assert text_of(told).endswith("La Classic.")
    assert "ignored" not in (told.model_extra or {})
    assert stage.inputs() == [
        [
            "⟦photo⟧\nQuale?",
            "⟦audio: audio.wav⟧\n⟦heard in it⟧\nAvete posto?",
            "⟦document: menu.txt⟧\n⟦text in it⟧\nApriamo alle 8:30.",
            "⟦document: prezzi.csv⟧\n⟦text in it⟧\ncamera | 80",
        ]
    ]
    assert (len(what_was_shown(stage)[0]), transcribed(stage)) == (1, 1)
    assert len(system.asked) == 1, "what came along is fetched from nowhere"
    await stage.settles()


async def test_a_picture_alone_is_a_message_also_behind_others(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """All that was shown before comes again each time, and is more than all words may be."""
    pictures = [data_url("image/jpeg", jpeg(padding=600_000 + number)) for number in range(3)]
    assert len("".join(pictures)) > BODY_BYTES
    stage.will_say("Bella!")
    told = await complete(openai, *(user([image(one)]) for one in pictures))
    assert text_of(told).endswith("Bella!")
    assert [part["image_url"] for part in what_was_shown(stage)[0]] == [pictures[-1]]
    await stage.settles()


@pytest.mark.parametrize("streams", [False, True])
async def test_what_cannot_be_had_is_named_and_the_model_knows(
    stage: Stage, openai: AsyncOpenAI, *, streams: bool
) -> None:
    async with serving(shows) as system:
        parts = [
            words("Legga"),
            image(named(system, "/nessuno.jpg")[0]["url"]),
            image("http://169.254.169.254/latest/meta-data"),
            {"type": "file", "file": {"file_id": "file-abc"}},
            file("data:application/pdf;base64,A", "listino.pdf"),
            file(data_url("text/plain", b""), "vuoto.txt"),
            {"type": "video_url", "video_url": {"url": "https://a.example/v.mp4"}},
            audio(SPOKEN),
        ]
        stage.will_say("Non si aprono.")
        if streams:
            async with streamed(openai, user(parts)) as stream:
                chunks = [one async for one in stream]
            assert "".join(map(said_in, chunks)).endswith("Non si aprono.")
            extra = [one.model_extra for one in chunks if "ignored" in (one.model_extra or {})]
            assert len(extra) == 1
        else:
            extra = [(await complete(openai, user(parts))).model_extra]
    (told,) = extra
    assert told
    assert told["ignored"] == [
        {"part": 1, "type": "image_url", "reason": "gone"},
        {"part": 2, "type": "image_url", "reason": "not public"},
        {"part": 3, "type": "file", "reason": "not valid"},
        {"part": 4, "type": "file", "reason": "broken"},
        {"part": 5, "type": "file", "reason": "broken"},
        {"part": 6, "type": "video_url", "reason": "not valid"},
        {"part": 7, "type": "input_audio", "reason": "too many"},
    ]
    (lines,) = stage.inputs()
    assert lines[0].startswith("⟦photo⟧\nLegga\n⟦not looked at: it cannot be had")
    assert lines[2] == "⟦document: listino.pdf⟧\n⟦not read: it is damaged⟧"
    await stage.settles()
    assert await kept(stage) == 0


async def test_where_nothing_can_be_had_nothing_is_asked(stage: Stage, openai: AsyncOpenAI) -> None:
    for part in (image(""), {"type": "file", "file": {"file_id": "file-abc"}}, {"type": "text"}):
        with pytest.raises(BadRequestError, match=NOTHING):
            await complete(openai, user([part]))
    with pytest.raises(APIStatusError) as large:
        await complete(openai, user([image("data:," + "a" * LARGEST_BODY)]))
    assert (large.value.status_code, large.value.code) == (413, "too-large")
    assert await stage.count("SELECT count(*) FROM updates") == 0


async def test_what_is_tried_again_is_had_once(stage: Stage, openai: AsyncOpenAI) -> None:
    """Under its key, or as the client counts; with another picture it is another message."""
    async with serving(shows) as system:
        (there,) = named(system, "/camera.jpg")
        asked = user([words("Quale?"), image(there["url"])])
        stage.will_say("La Classic.")
        once = {**ANNA, "Idempotency-Key": "q-1"}
        for _ in range(2):
            assert text_of(await complete(openai, asked, extra_headers=once))
        with pytest.raises(APIStatusError) as other:
            await complete(openai, user([words("Quale?")]), extra_headers=once)
        assert other.value.status_code == 422
    assert len(system.asked) == len(stage.asked()) == 1
    await stage.settles()


async def test_so_many_large_ones_at_once(stage: Stage, crm: Reader, openai: AsyncOpenAI) -> None:
    """Until what is in them is stored; small ones come in all the while."""
    slow = Slow()
    async with serving(slow.shows) as system:
        waits = image(named(system, "/menu")[0]["url"])
        large = user([words("a" * 9_000), image("data:," + "a" * BODY_BYTES), waits])
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as asking:
            for _ in range(LARGE_OF_A_KEY):
                stage.will_say("Sì.")
                asking.create_task(complete(openai, large))
            await slow.until_asked(times=LARGE_OF_A_KEY)
            with pytest.raises(RateLimitError) as refused:
                await complete(openai, large)
            assert refused.value.response.headers["retry-after"]
            stage.will_say("Sì.")
            slow.answers.set()
            await complete(openai, user("Sì?"))
    await stage.settles()


ANYTHING: Final = st.none() | st.integers() | st.text() | st.lists(st.text())
TYPES: Final = st.sampled_from(["text", "image_url", "input_audio", "file"])
FIELDS: Final = st.sampled_from(["url", "data", "format", "file_data", "filename", "file_id"])
ITS: Final = st.dictionaries(FIELDS, ANYTHING) | ANYTHING
PARTS: Final = st.builds(lambda type_, its: {"type": type_, type_: its}, TYPES, ITS) | ANYTHING


@given(st.lists(PARTS) | ANYTHING)
def test_whatever_a_message_is_made_of_it_is_words_or_stands_beside(content: Any) -> None:
    message: Mapping[str, Any] = {"content": content}
    parts: Sequence[Any] = content if isinstance(content, list) else ()
    said = [one for one in parts if isinstance(one, dict) and isinstance(one.get("text"), str)]
    assert "\0" not in words_in(message)
    assert len(beside_in(message)) == len(parts) - len(said)
    for one in beside_in(message):
        assert one.link is None or one.link.name().isprintable()

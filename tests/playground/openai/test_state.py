from pathlib import Path

import openai
import pytest

from bot.playground.openai import Archive, Emulator, Repeating, Reply
from bot.playground.serve import serve
from tests.playground.openai.asking import ask, read_texts
from tests.playground.openai.conftest import HELLO


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "openai.db"


async def test_conversations_and_responses_survive_the_process(file: Path) -> None:
    with Archive(file) as archive:
        emulator = Emulator(answers=Repeating([Reply(raw=HELLO)]), archive=archive)
        async with (
            serve(emulator.app()) as url,
            openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="k") as api,
        ):
            kept = (await api.conversations.create(metadata={"a": "b"})).id
            gone = (await api.conversations.create()).id
            answer = await ask(api, "Hi", conversation=kept)
            await ask(api, "Hi", conversation=gone)
            await api.conversations.delete(gone)

    with Archive(file) as archive:
        emulator = Emulator(archive=archive)
        async with (
            serve(emulator.app()) as url,
            openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="k") as api,
        ):
            assert await read_texts(api, kept) == [("user", "Hi"), ("assistant", HELLO)]
            assert (await api.conversations.retrieve(kept)).metadata == {"a": "b"}
            assert (await api.responses.retrieve(answer.id)).output_text == HELLO
            with pytest.raises(openai.NotFoundError):
                await api.conversations.retrieve(gone)
            assert len(emulator.state.items) == 4


def test_an_archive_forgets_what_is_deleted(file: Path) -> None:
    with Archive(file) as archive:
        archive.put([("item", "a", None, {"n": 1}), ("item", "b", "conv", {"n": 2})])
        archive.put([("item", "a", None, {"n": 3})])
        archive.delete("item", "b")

    with Archive(file) as archive:
        assert list(archive.load("item")) == [(None, {"n": 3})]

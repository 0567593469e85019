"""The instructions are the same for all clients of an assistant, to the byte."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.attachments import AttachmentKind, Extract, NotRead
from bot.ports import ClientMessage
from bot.turns.brief import Brief, Briefing
from db.records import TELEGRAM, Fence, Message, Pinned, Turn, UpdateKind
from db.transcript import Spoken
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.telemetry import FakeTelemetry
from tests.tenants.strategies import profiles
from tests.turns.desk import PROFILE

TURN = Turn(
    fence=Fence(1, 1),
    chat=1,
    address=chat_at(BOT, 1),
    language="it",
    introduced=True,
    thread=1,
    tenant=3,
    assistant="public",
    pinned=Pinned(2),
    conversation_id=None,
    last_item_id=None,
    received_at=0.0,
    opened_at=0.0,
    messages=(),
)

names = st.text(max_size=30)
turns = st.builds(
    lambda name, language, chat, conversation, text: replace(
        TURN,
        chat=chat,
        thread=chat,
        address=chat_at(BOT, chat),
        conversation_id=conversation,
        messages=(_message(name, language, text),),
    ),
    names,
    st.none() | st.sampled_from(("it", "en-GB", "ru", "ja")),
    st.integers(min_value=-9, max_value=9).filter(bool),
    st.none() | st.just("conv_1"),
    names,
)


def _message(name: str, language: str | None, text: str) -> Message:
    payload = {"message_id": 1, "sender": name, "language": language, "text": text}
    return Message(1, UpdateKind.MESSAGE, "1", json.dumps(payload))


class NamingChannel(FakeChannel):
    """One whose clients have names."""

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        data = json.loads(payload)
        return ClientMessage("1", data["text"], data["sender"], "1", data["language"])


def brief(turn: Turn, profile: object = PROFILE) -> Brief:
    made = Briefing({TELEGRAM: NamingChannel()}, "gpt-6-luna", "none", FakeTelemetry())
    return made.make(turn, profile)  # type: ignore[arg-type]  # a test's shorthand


@given(profiles, turns, turns)
def test_the_instructions_are_the_same_for_all_clients_and_turns(
    profile: object, one: Turn, other: Turn
) -> None:
    first, second = brief(one, profile), brief(other, profile)
    assert first.instructions.encode() == second.instructions.encode()
    assert first.cache_key == second.cache_key


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": 4},
        {"pinned": Pinned(3)},
        {"assistant": "staff"},
        {"pinned": Pinned(2, drafted=True)},
    ],
)
def test_each_tenant_version_and_assistant_has_its_own_cache(other: dict[str, object]) -> None:
    assert brief(TURN).cache_key != brief(replace(TURN, **other)).cache_key  # type: ignore[arg-type]  # fields by name


# ---------------------------------------------------------------- a new conversation


def recalled(kind: AttachmentKind, extract: Extract | None) -> str:
    sent = {"kind": kind, "file_id": "f", "unique_id": "u"}
    payload = {"message_id": "1", "text": "Ecco", "attachment": sent}
    kept = payload | {"extract": extract.as_json() if extract else None}
    spoken = Spoken(Message(1, UpdateKind.MESSAGE, "1", json.dumps(kept)), None)
    made = Briefing({TELEGRAM: FakeChannel()}, "gpt-6-luna", "none", FakeTelemetry())
    (line,) = made.recall(TURN, [spoken])
    return line.text


def test_what_was_heard_is_recalled_whole() -> None:
    words = "parola " * 600
    assert recalled(AttachmentKind.SPEECH, Extract(words)) == f"Ecco\n⟦heard in it⟧\n{words}"


def test_of_a_file_the_beginning_is_recalled() -> None:
    told = f"Ecco\n⟦the beginning of the text in it⟧\n{'a' * 1_000}"
    assert recalled(AttachmentKind.FILE, Extract("a" * 20_000)) == told
    assert recalled(AttachmentKind.FILE, Extract("breve")) == "Ecco\n⟦text in it⟧\nbreve"


@pytest.mark.parametrize("kind", [AttachmentKind.PICTURE, AttachmentKind.FILE])
def test_what_was_looked_at_is_not_there_again(kind: AttachmentKind) -> None:
    assert recalled(kind, Extract()) == "⟦looked at earlier, not shown here again⟧\nEcco"


def test_why_something_was_not_read_is_recalled() -> None:
    assert "⟦not read: it has a password⟧" in recalled(
        AttachmentKind.FILE, Extract(why=NotRead.LOCKED)
    )

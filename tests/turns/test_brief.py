"""The instructions are the same for all clients of an assistant, to the byte."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.attachments import AttachmentKind, Extract, NotRead
from bot.ports import ClientMessage, File, Line, Speaker
from bot.turns.brief import _ELSEWHERE as ELSEWHERE
from bot.turns.brief import _FROM_HERE as FROM_HERE
from bot.turns.brief import Brief, Briefing
from db.records import TELEGRAM, Address, Gap, Message, Pinned, Turn, UpdateKind
from db.transcript import Spoken
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.telemetry import FakeTelemetry
from tests.tenants.strategies import profiles
from tests.turns.desk import PROFILE
from tests.turns.records import TURN

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


# ---------------------------------------------------------------- who answers, and what


@pytest.mark.parametrize(("own", "model"), [(None, "gpt-6-luna"), ("gpt-6-sol", "gpt-6-sol")])
def test_the_companys_model_answers_or_else_the_hosts(own: str | None, model: str) -> None:
    assert brief(TURN, PROFILE.changed({"model": own})).model == model


def wrote(number: int, text: str | None = None, *, at: float | None = None) -> Message:
    """A message; without a text it cannot be read."""
    payload = {"message_id": str(number), "text": text or f"Ecco {number}."}
    kept = "{}" if text == "" else json.dumps(payload)
    return Message(number, UpdateKind.MESSAGE, str(number), kept, at)


def briefing(telemetry: FakeTelemetry | None = None, *others: str) -> Briefing:
    channels = {name: FakeChannel() for name in (TELEGRAM, *others)}
    return Briefing(channels, "gpt-6-luna", "none", telemetry or FakeTelemetry())


def lines(*messages: Message, gap: Gap) -> list[str]:
    turn = replace(TURN, messages=messages, gap=gap)
    return [line.text for line in briefing().make(turn, PROFILE).lines]


def test_too_many_messages_are_one_text_with_their_dates_and_a_note_where_some_are_not() -> None:
    noon = 1_795_176_000.0
    said = [wrote(1, at=noon), wrote(2, "", at=noon), wrote(8, at=noon + 60)]
    assert lines(*said, gap=Gap(after=2, left_out=5)) == [
        "⟦2026-11-20 12:00⟧\nEcco 1.\n⟦5 messages left out here⟧\n⟦2026-11-20 12:01⟧\nEcco 8."
    ]


def test_where_none_is_left_out_there_is_no_note_and_of_none_that_can_be_read_no_line() -> None:
    assert lines(wrote(1, at=0.0), gap=Gap(after=1, left_out=0)) == ["⟦1970-01-01 00:00⟧\nEcco 1."]
    assert lines(wrote(1, ""), gap=Gap(after=1, left_out=0)) == []


@pytest.mark.parametrize(
    ("at", "date"),
    [(-1e9, "⟦1970-01-01 00:00⟧\n"), (1e18, "⟦9999-12-31 23:59⟧\n"), (None, "")],
)
def test_a_date_is_what_the_update_says_if_it_says_any(at: float | None, date: str) -> None:
    assert lines(wrote(1, at=at), gap=Gap(after=1, left_out=0)) == [f"{date}Ecco 1."]


def test_of_what_cannot_be_read_somebody_hears() -> None:
    telemetry = FakeTelemetry()
    turn = replace(TURN, messages=(wrote(1, ""), wrote(2)))
    (line,) = briefing(telemetry).make(turn, PROFILE).lines
    assert line.text == "Ecco 2."
    assert telemetry.warnings == [("message unreadable", {"update": 1})]


def test_what_came_with_the_messages_goes_along_once_it_is_known() -> None:
    turn = replace(TURN, messages=(wrote(1), wrote(2)))
    made, picture = briefing().make(turn, PROFILE), File("a.png", "image/png", b"")
    again = briefing().again(turn, made, made.heard[1:], {"2": picture})
    assert again == replace(
        made, heard=made.heard[1:], lines=(Line(Speaker.CLIENT, "Ecco 2.", (picture,)),)
    )


# ---------------------------------------------------------------- another chat


WEB = Address("web", BOT, "visitor")


def recalls(*spoken: Spoken, others: tuple[str, ...] = ("web",)) -> list[Line]:
    return briefing(None, *others).recall(TURN, spoken)


def test_what_was_said_in_another_chat_is_told_apart_from_what_was_said_here() -> None:
    there = Line(Speaker.DESK, str(ELSEWHERE))
    here = Line(Speaker.DESK, str(FROM_HERE))
    first, second = Line(Speaker.CLIENT, "Ecco 1."), Line(Speaker.CLIENT, "Ecco 2.")
    reply = Line(Speaker.ASSISTANT, "Bene.")
    on_the_page = [Spoken(wrote(1), None, WEB), Spoken(None, "Bene.", WEB)]
    assert recalls(*on_the_page, Spoken(wrote(2), None)) == [there, first, reply, here, second]
    assert recalls(*on_the_page) == [there, first, reply, here]
    assert recalls(Spoken(wrote(2), None)) == [second]


def test_what_was_said_on_a_channel_that_is_not_there_is_not_told() -> None:
    assert recalls(Spoken(wrote(1), None, WEB), Spoken(wrote(2), None), others=()) == [
        Line(Speaker.CLIENT, "Ecco 2.")
    ]


# ---------------------------------------------------------------- a new conversation


def recalled(kind: AttachmentKind, extract: Extract | None) -> str:
    sent = {"kind": kind, "file_id": "f", "unique_id": "u"}
    payload = {"message_id": "1", "text": "Ecco", "attachment": sent}
    kept = payload | {"extract": extract.as_json() if extract else None}
    spoken = Spoken(Message(1, UpdateKind.MESSAGE, "1", json.dumps(kept)), None)
    (line,) = briefing().recall(TURN, [spoken])
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


def test_of_a_file_that_nobody_has_looked_at_yet_there_are_the_words() -> None:
    assert recalled(AttachmentKind.FILE, None) == "Ecco"


def test_why_something_was_not_read_is_recalled() -> None:
    assert "⟦not read: it has a password⟧" in recalled(
        AttachmentKind.FILE, Extract(why=NotRead.LOCKED)
    )

"""What a chat's budget admits."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.limiter import GROUP, PRIVATE, Budget, Limiter
from db.records import Address
from tests.addresses import chat_at

ANNA = chat_at(1, 7)
BORIS = chat_at(1, 8)
GUESTS = chat_at(1, -7)
ROUNDING = 1e-3


@dataclass
class Chat:
    """One chat's traffic: every call that its budget admitted."""

    address: Address = ANNA
    limiter: Limiter = field(default_factory=Limiter)
    now: float = 1_000.0
    messages: list[float] = field(default_factory=list)
    typings: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    def write(self) -> None:
        delay = self.limiter.take(self.address, now=self.now)
        self.delays.append(delay)
        if delay == 0:
            self.messages.append(self.now)

    def type(self) -> None:
        if not self.limiter.take_spare(self.address, now=self.now):
            self.typings.append(self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds


def act(chat: Chat, steps: list[str | float], *, typing: bool = True) -> None:
    for step in steps:
        if step == "write":
            chat.write()
        elif isinstance(step, float):
            chat.wait(step)
        elif typing:
            chat.type()


def busiest(times: list[float], seconds: float) -> int:
    """The most calls in any window of that length."""
    return max((sum(start <= t <= start + seconds for t in times) for start in times), default=0)


steps = st.lists(
    st.one_of(st.just("write"), st.just("write"), st.just("type"), st.floats(0, 9)), max_size=150
)
chats = st.sampled_from([(ANNA, PRIVATE), (GUESTS, GROUP)])


@given(chats, steps, st.floats(0, 120))
def test_no_window_holds_more_messages_than_allowed(
    chat_and_budget: tuple[Address, Budget], steps: list[str | float], seconds: float
) -> None:
    address, budget = chat_and_budget
    chat = Chat(address)
    act(chat, steps)
    allowed = budget.burst + (seconds + ROUNDING) / budget.refill_seconds
    assert busiest(chat.messages, seconds) <= allowed


@given(chats, steps, st.floats(0, 120))
def test_no_window_holds_more_calls_than_allowed(
    chat_and_budget: tuple[Address, Budget], steps: list[str | float], seconds: float
) -> None:
    address, budget = chat_and_budget
    chat = Chat(address)
    act(chat, steps)
    most_at_once = 2 * budget.burst - budget.reserve
    allowed = most_at_once + (seconds + ROUNDING) / budget.refill_seconds
    assert busiest(sorted(chat.messages + chat.typings), seconds) <= allowed


def test_a_group_has_at_most_twenty_calls_a_minute() -> None:
    chat = Chat(GUESTS)
    impatient: list[str | float] = ["write", 0.5]
    act(chat, ["type", "type", *impatient * 600])
    assert busiest(sorted(chat.messages + chat.typings), 60) == 20


@given(chats, steps)
def test_typing_never_delays_a_message(
    chat_and_budget: tuple[Address, Budget], steps: list[str | float]
) -> None:
    with_typing, without = Chat(chat_and_budget[0]), Chat(chat_and_budget[0])
    act(with_typing, steps)
    act(without, steps, typing=False)
    assert with_typing.delays == without.delays


@given(st.floats(0, 100), st.floats(1, 600))
def test_a_message_goes_after_the_delay_that_was_told(waited: float, penalty: float) -> None:
    limiter = Limiter()
    limiter.penalize(ANNA, seconds=penalty, now=0)
    delay = limiter.delay(ANNA, now=waited)
    assert limiter.take(ANNA, now=waited + delay) == 0


def test_five_messages_go_at_once_and_then_one_a_second() -> None:
    chat = Chat()
    act(chat, ["write"] * 6)
    act(chat, [1.0, "write", "write"])
    assert chat.delays == [0, 0, 0, 0, 0, pytest.approx(1), 0, pytest.approx(1)]


def test_typing_goes_when_three_bubbles_still_could() -> None:
    chat = Chat()
    act(chat, ["write", "type", "type", 1.0, "type"])
    assert chat.typings == [1_000.0, 1_001.0]


def test_typing_goes_before_each_bubble_of_a_reply_at_human_pace() -> None:
    chat = Chat()
    act(chat, ["type", 2.0, "write", "type", 2.0, "write", "type", 2.0, "write"])
    assert len(chat.typings) == 3


def test_a_penalty_stops_messages_and_typing() -> None:
    chat = Chat()
    chat.limiter.penalize(ANNA, seconds=30, now=chat.now)
    act(chat, [29.0, "write", "type"])
    assert chat.delays == [pytest.approx(1)]
    assert chat.typings == []


def test_after_a_penalty_messages_go_one_by_one() -> None:
    chat = Chat()
    chat.limiter.penalize(ANNA, seconds=30, now=chat.now)
    act(chat, [30.0, "write", "write", 1.0, "write"])
    assert chat.delays == [0, pytest.approx(1), 0]


def test_a_shorter_penalty_does_not_shorten_a_longer_one() -> None:
    limiter = Limiter()
    limiter.penalize(ANNA, seconds=30, now=0)
    limiter.penalize(ANNA, seconds=1, now=0)
    assert limiter.delay(ANNA, now=0) == pytest.approx(30)


def test_a_penalty_is_the_chats_alone() -> None:
    limiter = Limiter()
    limiter.penalize(ANNA, seconds=30, now=0)
    assert limiter.delay(BORIS, now=0) == 0
    assert limiter.delay(chat_at(2, int(ANNA.chat_id)), now=0) == 0


def test_the_topics_of_a_group_share_its_budget() -> None:
    limiter = Limiter()
    limiter.penalize(chat_at(1, -7, topic_id=3), seconds=30, now=0)
    assert limiter.delay(chat_at(1, -7, topic_id=4), now=0) == pytest.approx(30)


def test_idle_chats_are_forgotten() -> None:
    limiter = Limiter()
    for second in range(100_000):
        limiter.take(chat_at(1, second + 1), now=float(second))
    assert len(limiter) < 2_000


def test_a_chat_under_a_penalty_is_not_forgotten() -> None:
    limiter = Limiter()
    limiter.penalize(ANNA, seconds=1_000_000, now=0)
    for second in range(10_000):
        limiter.take(chat_at(1, second + 100), now=float(second))
    assert limiter.delay(ANNA, now=10_000) > 0


def test_a_chat_in_which_somebody_only_seems_to_write_is_not_forgotten() -> None:
    chat = Chat()
    act(chat, ["type"] * 3)
    for other in range(3_000):
        chat.limiter.take(chat_at(1, other + 100), now=chat.now)
    act(chat, ["type"])
    assert len(chat.typings) == 2


class Moment(float):
    """A time that counts how often another one is found to be later."""

    looks = 0

    def __lt__(self, other: float) -> bool:
        self.looks += 1
        return float(self) < other


def test_chats_that_are_all_busy_are_not_looked_through_again_and_again() -> None:
    limiter, now = Limiter(), Moment(1_000.0)
    for chat in range(5_000):
        limiter.penalize(chat_at(1, chat + 1), seconds=60, now=now)
    assert now.looks < 10_000

"""The figures of all rounds as a table, beside what they should be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.gateways import TITLES
from bench.measure import Figures, Sizes

OURS = "Sportello"
STREAMS = "floor that streams"
WAITS = "floor that waits"
EXACT_BELOW = 10

Round = dict[str, Figures]  # by the name of the bot


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a round, and the most that it may be."""

    title: str
    unit: str
    read: Callable[[Round], float]
    most: float | None = None

    def write(self, rounds: Sequence[Round]) -> str:
        """The row as Markdown: median, range, target, verdict."""
        values = [self.read(each) for each in rounds]
        middle = median(values)
        cells = (
            self.title,
            self._amount(middle),
            f"{_number(min(values))}-{_number(max(values))}",
            *self._judge(middle),
        )
        return f"| {' | '.join(cells)} |"

    def _amount(self, value: float) -> str:
        return f"{_number(value)} {self.unit}".strip()

    def _judge(self, value: float) -> tuple[str, str]:
        if self.most is None:
            return "", ""
        # What is printed is what counts: 0.504 stands there as 0.50.
        missed = float(_number(value)) - self.most
        verdict = f"missed by {self._amount(missed)}" if missed > 0 else "met"
        return f"<= {self._amount(self.most)}", verdict


def write_table(rounds: Sequence[Round], sizes: Sizes) -> Iterator[str]:
    """The lines of the table."""
    yield "| figure | median | range | target | |"
    yield "|---|---|---|---|---|"
    for row in rows(sizes):
        yield row.write(rounds)


def rows(sizes: Sizes) -> Iterator[Row]:
    """Every figure, in the order in which it is told."""
    quote = "closing quote to sendMessage"
    yield Row(f"{quote}, 1 chat, p50", "ms", _ours("overhead 1 p50"))
    yield Row(f"{quote}, 1 chat, p99", "ms", _ours("overhead 1 p99"))
    yield Row(f"{quote}, {sizes.some} chats, p50", "ms", _ours("overhead some p50"), 5)
    yield Row(f"{quote}, {sizes.some} chats, p99", "ms", _ours("overhead some p99"), 40)
    yield Row(f"{quote}, {sizes.crowd} chats, p50", "ms", _ours("overhead crowd p50"))
    yield Row(f"{quote}, {sizes.crowd} chats, p99", "ms", _ours("overhead crowd p99"))
    burst = f"{sizes.crowd} chats at once: first bubble beyond the model's time"
    yield Row(f"{burst}, p50", "ms", _ours("delay p50"))
    yield Row(f"{burst}, p99", "ms", _ours("delay p99"), 1500)
    written = f"text to first bubble, {sizes.crowd} chats, p50"
    for name in (OURS, STREAMS, WAITS):
        yield Row(f"{written}: {name}", "ms", _of(name, "wait"))
    for name in (OURS, STREAMS, WAITS):
        yield Row(f"CPU per turn, {sizes.crowd} chats: {name}", "ms", _of(name, "cpu"))
    yield Row(f"CPU per turn: {OURS} / {STREAMS}", "", _ratio(STREAMS), 0.5)
    yield Row(f"CPU per turn: {OURS} / {WAITS}", "", _ratio(WAITS), 1.2)
    for name in (OURS, STREAMS, WAITS):
        yield Row(f"turns per second, {sizes.crowd} chats: {name}", "", _of(name, "throughput"))
    new = "first turn of a new chat, beside its second"
    yield Row(f"{new}: first bubble later by", "ms", _ours("first delay"), 30)
    yield Row(f"{new}: CPU, as a ratio", "", _ours("first cpu"), 1.6)
    yield Row("turn with a tool's call: CPU, as a ratio", "", _ours("tool cpu"), 1.6)
    yield Row("turn on a web page beside one in Telegram: CPU, as a ratio", "", _ours("web cpu"), 1)
    event = "closing quote to a page's event, p50"
    yield Row(event, "ms", _ours("web event"))
    yield Row(f"{event}, beside sendMessage, as a ratio", "", _ours("web event ratio"))
    yield Row("memory of an open stream", "MB", _ours("stream memory"), 0.2)
    yield Row("500 open streams: share of a core", "%", _ours("streams cpu"), 2)
    for way, title in TITLES.items():
        yield Row(f"{title}: first words", "ms", _ours(f"{way} first"))
        beside = f"{title} beside a bare gateway"
        yield Row(f"{beside}: first words, as a ratio", "", _ours(f"{way} first ratio"))
        yield Row(f"{beside}: CPU of a turn, as a ratio", "", _ours(f"{way} cpu"))
    beside = "first bubble while another client sends 200 photos, as a ratio"
    yield Row(beside, "", _ours("flood ratio"), 1.5)
    accepted = f"text to confirmed update, {sizes.updates_per_second} a second"
    yield Row(f"{accepted}, p50", "ms", _ours("acceptance p50"))
    yield Row(f"{accepted}, p99", "ms", _ours("acceptance p99"), 50)
    for name, most in ((OURS, 150), (STREAMS, None), (WAITS, None)):
        yield Row(f"most resident memory: {name}", "MB", _of(name, "memory"), most)


def _of(name: str, figure: str) -> Callable[[Round], float]:
    return lambda each: each[name][figure]


def _ours(figure: str) -> Callable[[Round], float]:
    return _of(OURS, figure)


def _ratio(floor: str) -> Callable[[Round], float]:
    return lambda each: each[OURS]["cpu"] / each[floor]["cpu"]


def _number(value: float) -> str:
    if abs(value) < 1:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < EXACT_BELOW else f"{value:.0f}"

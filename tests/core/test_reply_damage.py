"""Replies of servers that enforce no schema: nothing that was meant for the client is lost."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply import ReplyEnd, ReplyParser, read_reply
from tests.core.test_reply import chunked, stream

WORDS = st.lists(
    st.sampled_from(['"Aurora"', '"la Luna"', "camera", "perché", "24", 'TV 24"', "(mare)", "è,"]),
    min_size=1,
    max_size=6,
).map(" ".join)
STRINGS = st.lists(WORDS | WORDS.map(lambda text: f"{text}\ne"), min_size=1, max_size=4)
HEADS = st.sampled_from([('{"messages":[', "]}"), ("[", "]"), ('{ "messages" : [ ', " ] }")])


def words(*texts: str) -> list[str]:
    return re.findall(r"\w+", " ".join(texts))


@st.composite
def unescaped(draw: st.DrawFn) -> tuple[list[str], str]:
    """Strings, and a reply of them whose writer forgot that quotes and breaks are escaped."""
    (head, tail), strings = draw(HEADS), draw(STRINGS)
    return strings, head + ",".join(f'"{string}"' for string in strings) + tail


class TestQuotesThatAreNotEscaped:
    @pytest.mark.parametrize(
        ("text", "bubbles"),
        [
            (
                '["The "Aurora" room is free","Shall I book it?"]',
                ('The "Aurora" room is free', "Shall I book it?"),
            ),
            (
                '{"messages":["The "Aurora" room is free","Shall I book it?"]}',
                ("The", '"Aurora" room is free', "Shall I book it?"),
            ),
            (
                '{"messages":["uno","La "Aurora" e la "Luna"","due"],"language":"it"}',
                ("uno", "La", '"Aurora" e la "Luna"', "due"),
            ),
            ('{"messages":["TV da 24" in camera","due"]}', ("TV da 24", "in camera", "due")),
            ('```json\n{"messages":["La "Aurora"","x"]}\n```', ('La "Aurora"', "x")),
            ('{"messages":"La "Aurora" è libera"}', ("La", '"Aurora" è libera')),
            ('{"messages":"[\\"uno\\",\\"due\\"]" e "tre"}', ("uno", "due", '" e "tre')),
            ('{"messages":["La "Aurora" è libera da dom', ("La", '"Aurora" è libera da…')),
        ],
    )
    def test_are_read(self, text: str, bubbles: tuple[str, ...]) -> None:
        assert read_reply(text) == bubbles

    @given(unescaped())
    def test_lose_no_word(self, written: tuple[list[str], str]) -> None:
        strings, text = written

        assert words(*read_reply(text)) == words(*strings)

    @given(st.data())
    def test_change_nothing_of_what_was_shown(self, data: st.DataObject) -> None:
        _, text = data.draw(unescaped())
        parser, bubbles = stream(data.draw(chunked(st.just(text))))

        for ending in ReplyEnd:
            assert parser.finish(ending)[: len(bubbles)] == bubbles


class TestBackslashesThatAreNotEscaped:
    @pytest.mark.parametrize(
        ("text", "bubbles"),
        [
            (r'{"messages":["uno","C:\dati\new","due"]}', ("uno", r"C:\dati\new", "due")),
            (r'{"messages":["C:\dati detta \"base\""]}', (r'C:\dati detta "base"',)),
            (r'["\d+ \"cifre\""]', (r'\d+ "cifre"',)),
        ],
    )
    def test_are_read(self, text: str, bubbles: tuple[str, ...]) -> None:
        assert read_reply(text) == bubbles


class TestAWholeReplyInsideAString:
    INNER = json.dumps({"messages": ["uno", 'la "Luna"']})

    @pytest.mark.parametrize(
        "text",
        [
            json.dumps(INNER),
            json.dumps({"messages": [INNER]}),
            json.dumps({"messages": INNER}),
            json.dumps({"messages": json.dumps(["uno", 'la "Luna"'])}),
            json.dumps({"messages": [json.dumps(INNER)[1:-1]]}),
            json.dumps(INNER)[1:-1],
            INNER.replace("{", r"{\n ").replace("[", r"[\n  ").replace("]", r"\n ]"),
        ],
    )
    def test_is_unwrapped(self, text: str) -> None:
        assert read_reply(text) == ("uno", 'la "Luna"')

    def test_is_unwrapped_while_it_streams(self) -> None:
        parser = ReplyParser()

        assert parser.feed(json.dumps({"messages": [self.INNER]})[:-2]) == ("uno", 'la "Luna"')

    def test_is_saved_when_it_is_cut(self) -> None:
        text = json.dumps({"messages": ["zero", self.INNER[: -len('una"]}')]]})[:-3]

        assert read_reply(text, ReplyEnd.CUT) == ("zero", "uno", "la…")

    @pytest.mark.parametrize(
        "bubble",
        [
            '{"nome":"Mario","camera":101}',
            '["rosso","verde"]',
            '{"messages":["uno"],"language":"it"}',
            '"Buongiorno"',
        ],
    )
    def test_is_no_other_json(self, bubble: str) -> None:
        assert read_reply(json.dumps({"messages": [bubble]})) == (bubble,)


class TestThoughts:
    @pytest.mark.parametrize(
        "thought",
        [
            "<think>Saluto.</think>",
            '<think>\nForse {"messages":["bozza"]}\n</think>\n\n',
            "<THINKING>Saluto.</THINKING> <think></think>",
            '\nSaluto, "forse".</think>\n',
        ],
    )
    @pytest.mark.parametrize("said", ['{"messages":["uno"]}', '```\n["uno"]\n```', "uno"])
    def test_are_not_said(self, thought: str, said: str) -> None:
        assert read_reply(thought + said) == ("uno",)

    def test_delay_no_bubble_that_follows_them(self) -> None:
        _, bubbles = stream(list('<think>La "Luna"?</think>{"messages":["uno"'))

        assert bubbles == ("uno",)

    @pytest.mark.parametrize("ending", [ReplyEnd.WHOLE, ReplyEnd.CUT])
    def test_that_never_end_say_nothing(self, ending: ReplyEnd) -> None:
        assert read_reply("<think>Saluto il cliente", ending) == ()

    def test_may_stand_in_a_bubble(self) -> None:
        text = json.dumps({"messages": ["<think>Saluto.</think>", "<think>E poi.</think> uno"]})

        assert read_reply(text) == ("uno",)

    @pytest.mark.parametrize("bubble", ["<think> è un'etichetta", "Si chiude con </think>."])
    def test_are_not_what_a_client_asks_about(self, bubble: str) -> None:
        assert read_reply(json.dumps({"messages": [bubble]})) == (bubble,)

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.reply import ReplyEnd, ReplyParser, read_reply

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", " ", "\0", '"', "\\", '\\"', "😀", "perché?", "{", "]", "```", '{"messages":["x"]}']
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["messages", "mess\u0061ges", "Messages", "language"]) | TEXTS
PAIRS = st.lists(st.tuples(KEYS, st.lists(TEXTS, max_size=4) | VALUES), max_size=4)
SPACE = st.text(" \n\t\r", max_size=3)


@st.composite
def objects(draw: st.DrawFn) -> str:
    """A JSON object with any spacing, any escaping, and keys that may come twice."""
    ascii_only = draw(st.booleans())
    members = [
        f"{draw(SPACE)}{json.dumps(key, ensure_ascii=ascii_only)}{draw(SPACE)}:"
        f"{json.dumps(value, ensure_ascii=ascii_only, indent=draw(st.none() | st.just(1)))}"
        for key, value in draw(PAIRS)
    ]
    return f"{draw(SPACE)}{{{','.join(members)}{draw(SPACE)}}}{draw(SPACE)}"


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Such an object, cut, spliced with another, or with something else in the middle."""
    text, other = draw(objects()), draw(objects() | TEXTS)
    where, onward = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return text[:where] + other + text[onward:]


@st.composite
def chunked(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> list[str]:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def stream(chunks: list[str]) -> tuple[ReplyParser, tuple[str, ...]]:
    parser = ReplyParser()
    return parser, tuple(bubble for chunk in chunks for bubble in parser.feed(chunk))


def reply(*messages: Any) -> str:
    return json.dumps({"messages": messages})


class TestWhileItStreams:
    def test_a_bubble_comes_with_its_closing_quote(self) -> None:
        parser = ReplyParser()

        assert parser.feed('{"messages":["Buon') == ()
        assert parser.feed("giorno!") == ()
        assert parser.feed('"') == ("Buongiorno!",)
        assert parser.feed(',"A che ora') == ()
        assert parser.feed(' arriva?"]}') == ("A che ora arriva?",)

    def test_an_escaped_quote_closes_nothing(self) -> None:
        parser = ReplyParser()

        assert parser.feed('{"messages":["la suite \\') == ()
        assert parser.feed('"Aurora') == ()
        assert parser.feed('\\""') == ('la suite "Aurora"',)

    def test_several_bubbles_may_close_at_once(self) -> None:
        assert ReplyParser().feed(reply("uno", "due")) == ("uno", "due")

    def test_a_surrogate_pair_may_come_in_two_escapes(self) -> None:
        _, bubbles = stream(['{"messages":["\\ud83d', '\\ude00"'])

        assert bubbles == ("😀",)

    def test_blank_strings_are_no_bubbles(self) -> None:
        parser, bubbles = stream([reply("", " \n", "\0", " sì \n")])

        assert bubbles == ("sì",)
        assert parser.finish() == ("sì",)

    def test_what_is_no_string_is_read_at_the_end(self) -> None:
        parser, bubbles = stream(list('{"messages":["uno",101,"due"]}'))

        assert bubbles == ("uno",)
        assert parser.finish() == ("uno", "101", "due")

    def test_a_second_list_does_not_replace_the_first(self) -> None:
        parser, bubbles = stream(['{"messages":["uno"]', ',"messages":["altro"]}'])

        assert bubbles == ("uno",)
        assert parser.finish() == ("uno",)

    @given(chunked(objects()), st.sampled_from(ReplyEnd))
    def test_what_was_fed_is_how_the_reply_begins(
        self, chunks: list[str], ending: ReplyEnd
    ) -> None:
        parser, bubbles = stream(chunks)

        assert parser.finish(ending)[: len(bubbles)] == bubbles

    @given(chunked(damaged()), st.sampled_from(ReplyEnd))
    @example(list('{"messages":["a"},"b"]}'), ReplyEnd.WHOLE)
    @example(list('{"messages":["a"], {"messages":["b"]}'), ReplyEnd.WHOLE)
    @example(['{"messages":["a"', ',"\ud83d', '\ude00"]}'], ReplyEnd.WHOLE)
    def test_even_of_a_damaged_reply(self, chunks: list[str], ending: ReplyEnd) -> None:
        parser, bubbles = stream(chunks)

        assert parser.finish(ending)[: len(bubbles)] == bubbles

    @given(st.lists(TEXTS.map(lambda text: f"x{text}x".replace("\0", ""))), st.data())
    def test_everything_closed_was_fed(self, texts: list[str], data: st.DataObject) -> None:
        _, bubbles = stream(data.draw(chunked(st.just(reply(*texts)))))

        assert bubbles == tuple(texts)


class TestTheWholeReply:
    @pytest.mark.parametrize(
        ("text", "bubbles"),
        [
            (reply("uno", "due"), ("uno", "due")),
            (reply(), ()),
            ("", ()),
            (" \n", ()),
            ('{"language":"it","messages":["uno"],"confidence":0.9}', ("uno",)),
            ('{"messages":"uno"}', ("uno",)),
            ('["uno","due"]', ("uno", "due")),
            ('"uno"', ("uno",)),
            ('{"messages":["uno\ndue"]}', ("uno\ndue",)),
            ('{"messages":["uno",14.50,null,"tre"]}', ("uno", "14.50", "tre")),
            ('{"messages":["uno",true]}', ("uno",)),
            ('{"messages":["uno"],"language":it}', ("uno",)),
            ('{"messages":["uno",{"camera":101}]}', ("uno", '{"camera": 101}')),
            ('{"messages":[["uno","due"]]}', ("uno", "due")),
            ('{"messages":{"1":"uno","2":"due"}}', ("uno", "due")),
            ('{"messages":[{"text":"uno"},{"text":"due"}]}', ("uno", "due")),
            ('{"messages":[{"role":"assistant","content":"uno"}]}', ("uno",)),
            ('{"role":"assistant","content":[{"type":"text","text":"uno"}]}', ("uno",)),
            ('{"multi_turn_reply":{"messages":["uno"]}}', ("uno",)),
            ('{"reply":"uno"}', ("uno",)),
            ('{"messages":["uno"]}\n{"messages":["due"]}', ("uno", "due")),
            ("{'messages': ['l\\'uno', \"due\"]}", ("l'uno", "due")),
            (r"{'messages': ['C:\dati', 'due']}", (r"C:\dati", "due")),
            ('{messages: ["uno","due"]}', ("uno", "due")),
            ('{"messages":["uno","due",]}', ("uno", "due")),
            ('{"messages":["uno" "due"]}', ("uno", "due")),
            ('```json\n{"messages":["uno"]}\n```', ("uno",)),
            ('```\n["uno","due"]\n```', ("uno", "due")),
            ('Ecco la risposta:\n{"messages":["uno"]}\nA presto!', ("uno",)),
            ('{name}, ecco: {"messages":["uno"]}', ("uno",)),
            ('{"messages":["uno"]}{"messages":["uno"]}', ("uno",)),
            ('{"messages":["uno","\\ud83d"]}', ("uno", "\ufffd")),
            ('\ufeff{"messages":["uno"]}', ("uno",)),
        ],
    )
    def test_is_read_in_whatever_dress(self, text: str, bubbles: tuple[str, ...]) -> None:
        assert read_reply(text) == bubbles

    @pytest.mark.parametrize(
        "text",
        [
            "Buongiorno!",
            "Vedi la nota [1], {grazie}.",
            'Ha detto "ciao" e basta',
            '{"messages":[1,2]}',
            '{"answer":"uno","note":"due"}',
            '{"name":"Mario","age":3}',
            'Ecco: {"message":"ciao"} va bene?',
            'Ecco un elenco:\n```json\n["rosso","verde"]\n```\nVa bene?',
            "[" * 5000,
            "12",
        ],
    )
    def test_of_another_kind_is_one_bubble(self, text: str) -> None:
        assert read_reply(text) == (text,)

    def test_broken_for_no_reason_is_saved_like_a_cut_one(self) -> None:
        assert read_reply('{"messages":["uno","due. Tr') == ("uno", "due.")


class TestACutReply:
    @pytest.mark.parametrize(
        ("text", "bubbles"),
        [
            ('{"messages":["uno","Il check-in comincia al', ("uno", "Il check-in comincia…")),
            ('{"messages":["uno","Il check-in comincia, ', ("uno", "Il check-in comincia…")),
            ('{"messages":["uno","Alle 14. Se arr', ("uno", "Alle 14. Se…")),
            ('{"messages":["uno","Alle 14. Se', ("uno", "Alle 14.")),
            ('{"messages":["uno","Alle 14.', ("uno", "Alle 14.")),
            ('{"messages":["uno","Buong', ("uno",)),
            ('{"messages":["uno","入住时间是，下午', ("uno", "入住时间是…")),
            ('{"messages":["uno","due tre\\', ("uno", "due…")),
            ('{"messages":["uno","due tre\\ud83d', ("uno", "due…")),
            ('{"messages":["uno","', ("uno",)),
            ('{"messages":["uno"', ("uno",)),
            ('{"messages":"uno du', ("uno…",)),
            ('["uno","due tr', ("uno", "due…")),
            ('```json\n{"messages":["uno","due tr', ("uno", "due…")),
            ('{"mess', ()),
            ("```json", ()),
            ("Il check-in com", ("Il check-in…",)),
            (reply("uno", "due tre"), ("uno", "due tre")),
        ],
    )
    def test_keeps_what_reads_well(self, text: str, bubbles: tuple[str, ...]) -> None:
        assert read_reply(text, ReplyEnd.CUT) == bubbles


class TestABrokenReply:
    @pytest.mark.parametrize(
        ("text", "bubbles"),
        [
            ('{"messages":["uno","due tre', ("uno",)),
            ("Il check-in com", ()),
            (reply("uno"), ("uno",)),
        ],
    )
    def test_keeps_what_had_closed(self, text: str, bubbles: tuple[str, ...]) -> None:
        assert read_reply(text, ReplyEnd.BROKEN) == bubbles


class TestARefusal:
    def test_is_its_text(self) -> None:
        assert read_reply("", refusal="Non posso.") == ("Non posso.",)

    def test_follows_what_was_already_said(self) -> None:
        parser, bubbles = stream(['{"messages":["uno","du'])

        assert bubbles == ("uno",)
        assert parser.finish(refusal="Non posso.") == ("uno", "Non posso.")

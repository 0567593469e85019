"""Escapes: what was escaped once too often is mended, what is meant to be seen stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reply import read_reply

SENTENCES = st.lists(
    st.sampled_from(
        [
            "Buongiorno",
            "perché",
            "la suite",
            '"Aurora"',
            "è",
            "libera",
            "10 €",
            "😀",
            "Привет",
            "l’ospite",
        ]
    ),
    min_size=2,
    max_size=6,
).map(lambda words: f"{' '.join(words)}.")
ENTRIES = st.lists(SENTENCES, min_size=1, max_size=3).map(
    lambda entries: "".join(f"\n- {entry}" for entry in entries)
)
PARAGRAPHS = st.lists(
    SENTENCES | st.tuples(SENTENCES, ENTRIES).map("".join), min_size=1, max_size=3
)
PROSE = st.tuples(PARAGRAPHS, st.sampled_from(["\n", "\n\n"])).map(lambda two: two[1].join(two[0]))

CODE = [
    r"C:\new",
    r"C:\temp\report.txt",
    r"\\server\new",
    r"\d{2}\n",
    r"[^,\n]+",
    r"(\w+)\s\1",
    r"$\times$ oppure $a \neq b$",
    r"print('ciao\n')",
    r"`\n` e `\t`",
    r"`C:\new`",
    r'{"a": "uno\ndue"}',
    r'{"citazione": "disse \"ciao\""}',
    '```json\n{"a": "uno\\ndue", "b": "\\u00e8"}\n```',
    r"In JSON si scrive \u00e8",
    r"In regex \n. è un a capo.\nCosì",
    r"il carattere è si scrive \u00e8",
    r"usa \n per andare a capo",
    "Prima riga.\nPoi \\n\\n e basta.",
    r"la cartella docs\new",
    "\\",
    r"\o/",
    r"¯\_(ツ)_/¯",
]


def say(bubble: str) -> tuple[str, ...]:
    return read_reply(json.dumps({"messages": [bubble]}))


def escape(text: str, *, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


class TestATextThatWasEscapedTwice:
    @pytest.mark.parametrize(
        ("shown", "meant"),
        [
            (r"Prima riga.\nSeconda", "Prima riga.\nSeconda"),
            (r"Camere:\n- Doppia\n- Singola", "Camere:\n- Doppia\n- Singola"),
            (r"Opzione A:\n- Doppia", "Opzione A:\n- Doppia"),
            (r"Gentile Ospite,\nle confermo", "Gentile Ospite,\nle confermo"),
            (r"Buongiorno!\r\nMi dica", "Buongiorno!\r\nMi dica"),
            (r"prima\nseconda", "prima\nseconda"),
            (r"prima\n\nseconda", "prima\n\nseconda"),
            (r"Dalle 14:00\n", "Dalle 14:00"),
            (r"perch\u00e9 no", "perché no"),
            (r"\u041f\u0440\u0438\u0432\u0435\u0442! \ud83d\ude00", "Привет! 😀"),
            (r"la suite \"Aurora\" è libera", 'la suite "Aurora" è libera'),
            (r"https:\/\/hotel.example\/camere", "https://hotel.example/camere"),
            (r"Prima.\nVedi `C:\\dati`.", "Prima.\nVedi `C:\\dati`."),
            (r"Prima.\nUsa `\n` e basta.", "Prima.\nUsa `\\n` e basta."),
            ('```json\\n{\\"a\\": 1}\\n```', '```json\n{"a": 1}\n```'),
            ('Ecco:\\n```json\\n{\\"a\\": 1}\\n```', 'Ecco:\n```json\n{"a": 1}\n```'),
        ],
    )
    def test_is_mended(self, shown: str, meant: str) -> None:
        assert say(shown) == (meant,)

    @given(PROSE, st.booleans())
    def test_arrives_as_it_was_meant(self, text: str, ascii_only: bool) -> None:
        assert say(escape(text, ascii_only=ascii_only)) == (text,)

    @given(PROSE)
    def test_need_not_be_json_for_it(self, text: str) -> None:
        assert read_reply(escape(text, ascii_only=True)) == (text,)


class TestATextThatIsMeantAsItIs:
    @pytest.mark.parametrize("code", CODE)
    def test_is_kept(self, code: str) -> None:
        assert say(code) == (code,)

    @given(SENTENCES, st.sampled_from(CODE), SENTENCES)
    def test_is_kept_between_others(self, before: str, code: str, after: str) -> None:
        text = f"{before}\n{code}\n{after}"

        assert say(text) == (text,)

    @given(PROSE)
    def test_is_kept_without_escapes(self, text: str) -> None:
        assert say(text) == (text,)

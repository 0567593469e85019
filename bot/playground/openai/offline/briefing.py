"""What the instructions of a request say, as far as the offline model understands them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SECTION = re.compile(r"^<(company|knowledge)>\n(.*?)^</\1>", re.DOTALL | re.MULTILINE)

_ESCALATION: Final = "escalation_phrase if the client writes in "
_SENTENCES: Final = {
    "opening_hours": {
        "it": "# Orari di apertura\nSiamo aperti con questi orari: {}.",
        "en": "# Opening hours\nWe are open at these hours: {}.",
        "ru": "# Часы работы\nМы открыты в эти часы: {}.",
    },
    "contact": {
        "it": "# Contatti\nPuò contattarci qui, anche per telefono: {}.",
        "en": "# Contact\nYou can contact or phone us here: {}.",
        "ru": "# Контакты\nСвязаться с нами, в том числе по телефону, можно так: {}.",
    },
}


@dataclass(frozen=True, slots=True)
class Briefing:
    """The company and its knowledge."""

    company: str = ""
    assistant: str = ""
    language: str = ""  # a language tag, or empty
    formal: bool = True
    escalation: str = ""
    escalations: tuple[tuple[str, str], ...] = ()  # for clients of other languages
    contact: str = ""
    knowledge: str = ""


@lru_cache(maxsize=64)
def read_briefing(instructions: str) -> Briefing:
    """Read the sections; instructions without any are taken for knowledge as a whole."""
    sections = dict(_SECTION.findall(instructions))
    company = _read_lines(sections.get("company", ""))
    knowledge = sections.get("knowledge", "" if sections else instructions)
    return Briefing(
        company=company.get("name", ""),
        assistant=company.get("assistant_name", ""),
        language=company.get("language", ""),
        formal=company.get("address", "formal") != "informal",
        escalation=company.get("escalation_phrase", ""),
        escalations=tuple(
            (key.removeprefix(_ESCALATION), phrase)
            for key, phrase in company.items()
            if key.startswith(_ESCALATION)
        ),
        contact=company.get("contact", ""),
        knowledge="\n\n".join((knowledge.strip(), *_known_besides(company))).strip(),
    )


def _known_besides(company: Mapping[str, str]) -> Iterator[str]:
    """What the company says of itself outside of the knowledge, in sentences of its language."""
    for field, sentences in _SENTENCES.items():
        if value := company.get(field, ""):
            yield sentences.get(company.get("language", ""), sentences["en"]).format(value)


def _read_lines(section: str) -> dict[str, str]:
    """Read `key: value` lines; the first of a key counts."""
    values: dict[str, str] = {}
    for line in section.splitlines():
        key, separator, value = line.partition(":")
        if separator:
            values.setdefault(key.strip(), value.strip())
    return values

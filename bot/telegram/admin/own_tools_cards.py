"""What is shown of a company's own tools."""

from typing import Final

from telegram import InlineKeyboardButton

from bot.core.declared import DeclaredTool, FieldKind
from bot.core.texts import LANGUAGES, say
from bot.core.texts.own_tools import OwnTools as Say
from bot.telegram.admin.configure_cards import NAME
from bot.telegram.admin.fields import cut
from bot.telegram.admin.own_tools_read import KINDS
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from bot.turns.call_words import readable
from db.company_tools import CompanyTool

VERB: Final = "own"  # the first word of the keys
YES: Final = frozenset(say(Say.YES, language).lower() for language in LANGUAGES)
_LIST: Final = "ask tools"
_SHOWN: Final = 1_500  # characters of what a try brought
_EXAMPLES: Final = {FieldKind.NUMBER: "4", FieldKind.DATE: "2027-01-31"}


def note(visit: Visit, text: Say, **values: object) -> Card:
    """A sentence, and the way back."""
    rows: Rows = [[_to_list(visit)]]
    return Card(headed(visit, say(text, visit.language, **values)), rows)


def mend(visit: Visit, text: Say, **values: object) -> Card:
    """What to mend: the question stays open."""
    return note(visit, text, **values)


def card(
    visit: Visit, row: CompanyTool, declared: DeclaredTool, *, told: Say | None = None
) -> Card:
    """A tool, and what can be changed of it."""
    language = visit.language
    lines = [
        *([say(told, language), ""] if told else []),
        say(
            Say.CARD,
            language,
            name=readable(row.name),
            does=declared.does,
            method=declared.method.value,
            address=declared.address,
            fields=_fields(declared, language),
            secret=_secret(row, declared, language),
        ),
        "",
        say(Say.CHANGES if declared.changes else Say.READS, language),
    ]
    if declared.changes:
        lines.append(say(Say.ASKS if declared.confirm else Say.ASKS_NOT, language))
        lines.append(say(Say.AGAIN if declared.idempotent else Say.AGAIN_NOT, language))
    return Card(headed(visit, "\n".join(lines)), _rows(visit, row, declared))


def _rows(visit: Visit, row: CompanyTool, declared: DeclaredTool) -> Rows:
    def key(text: Say, words: str) -> InlineKeyboardButton:
        label = say(text, visit.language)
        return button(label, NAME, visit.here, f"{VERB} {words} {row.row}")

    effect = (Say.TO_READS, "reads") if declared.changes else (Say.TO_CHANGES, "changes")
    first = (Say.TO_ASKS_NOT, "asks-not") if declared.confirm else (Say.TO_ASKS, "asks")
    again = (Say.TO_AGAIN_NOT, "again-not") if declared.idempotent else (Say.TO_AGAIN, "again")
    switches = [effect, *([first, again] if declared.changes else [])]
    return [
        [key(Say.TRY, "try")],
        [key(Say.PART_DOES, "does"), key(Say.PART_ADDRESS, "address")],
        [key(Say.PART_FIELDS, "fields"), key(Say.PART_SECRET, "secret")],
        *([key(*one)] for one in switches),
        [key(Say.REMOVE, "drop"), _to_list(visit)],
    ]


def really_remove(visit: Visit, row: CompanyTool) -> Card:
    """It is asked first."""
    return _either(visit, row, Say.REALLY_REMOVE, Say.YES_REMOVE, f"gone {row.row}")


def really_try(visit: Visit, row: CompanyTool, token: str) -> Card:
    """A try is real. `token`: what was asked with this card."""
    return _either(visit, row, Say.TRY_REAL, Say.TRY_NOW, f"go {row.row} {token}")


def _either(visit: Visit, row: CompanyTool, text: Say, yes: Say, words: str) -> Card:
    do = button(say(yes, visit.language), NAME, visit.here, f"{VERB} {words}")
    asked = say(text, visit.language, name=readable(row.name))
    return Card(headed(visit, asked), [[do], [_to_card(visit, row)]])


def ask_secret(visit: Visit, row: CompanyTool, declared: DeclaredTool) -> Card:
    """What it is called with, and the way to where else that stands."""
    language = visit.language
    text = say(Say.ASK_SECRET, language, header=declared.header, host=declared.host)
    other = say(Say.TO_HEADER, language)
    key = button(other, NAME, visit.here, f"{VERB} header {row.row}")
    return Card(headed(visit, text), [[key], [_to_card(visit, row)]])


def ask_values(visit: Visit, row: CompanyTool, declared: DeclaredTool) -> Card:
    """With which values it is tried."""
    yes = say(Say.YES, visit.language)
    examples = {FieldKind.YES_NO: yes, **_EXAMPLES}
    lines = [f"{one.name}: {examples.get(one.kind, '…')}" for one in declared.fields]
    parts = [say(Say.ASK_TRY, visit.language, example="\n".join(lines))]
    if declared.changes:
        parts.append(say(Say.TRY_REAL, visit.language))
    return Card(headed(visit, "\n\n".join(parts)), [[_to_card(visit, row)]])


def tried(visit: Visit, row: CompanyTool, said: str) -> Card:
    """What the assistant would be told."""
    text = say(Say.TRIED, visit.language, output=cut(said, _SHOWN))
    return Card(headed(visit, text), [[_to_card(visit, row)]])


def _fields(declared: DeclaredTool, language: str) -> str:
    if not declared.fields:
        return say(Say.FIELDS_NONE, language)
    lines = []
    for one in declared.fields:
        mark = "" if one.required else "?"
        kind = say(KINDS[one.kind], language)
        lines.append(f"\n• {one.name}{mark}: {kind}{f', {one.does}' if one.does else ''}")
    return "".join(lines)


def _secret(row: CompanyTool, declared: DeclaredTool, language: str) -> str:
    if not declared.header:
        return say(Say.SECRET_NONE, language)
    text = Say.SECRET_SET if row.secret else Say.SECRET_MISSING
    return say(text, language, header=declared.header)


def _to_list(visit: Visit) -> InlineKeyboardButton:
    return button(say(Say.BACK, visit.language), NAME, visit.here, _LIST)


def _to_card(visit: Visit, row: CompanyTool) -> InlineKeyboardButton:
    words = f"{VERB} show {row.row}"
    return button(readable(row.name), NAME, visit.here, words)

"""The catalogues of texts: a folder per language, in it a gettext file per area.

The files are read as they are, so that a translator needs nothing but an editor, and another
language is one more folder. Their format: GNU gettext manual, "The Format of PO Files".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.core.texts.key import Key

_FALLBACK = "en"

Areas = Mapping[str, GNUTranslations]


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The texts of each language, by area."""

    languages: Mapping[str, Areas]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Take every language and area in the folder."""
        found = sorted(path for path in folder.iterdir() if path.is_dir())
        return cls({path.name.lower(): _areas(path) for path in found})

    def say(self, text: Key, language: str | None, values: Mapping[str, object]) -> str:
        """The text with the values in place of its variables; `count` chooses the plural form.

        English where the language has not got the text. Raises KeyError for a variable that has
        no value, and LookupError for a text that English has not got either.
        """
        for one in (self.nearest(language), _FALLBACK):
            area = self.languages[one].get(text.area)
            found = _find(area, text.msgid, values.get("count")) if area else None
            if found is not None:
                return found.format_map(values)
        raise LookupError(f"no catalogue has {text.msgid}")

    def nearest(self, language: str | None) -> str:
        """The language itself, an IETF tag such as "it-IT", else its base, else English."""
        tag = (language or "").lower().replace("_", "-")
        candidates = (tag, tag.split("-")[0])
        return next((one for one in candidates if one in self.languages), _FALLBACK)


def _areas(folder: Path) -> Areas:
    return {path.stem: _compiled(path) for path in sorted(folder.glob("*.po"))}


def _compiled(path: Path) -> GNUTranslations:
    compiled, language = BytesIO(), path.parent.name.replace("-", "_")
    with path.open("rb") as file:
        # Of a catalogue that is of no language, Babel leaves out how its plurals are chosen.
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _find(area: GNUTranslations, msgid: str, count: object) -> str | None:
    """The text, in the form for so many; gettext gives the msgid back for one it has not got."""
    plural = area.ngettext(msgid, msgid, count) if isinstance(count, int) else msgid
    found = area.gettext(msgid) if plural == msgid else plural
    return None if found == msgid else found

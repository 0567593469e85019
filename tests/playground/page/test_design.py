import json
import re
from itertools import product
from pathlib import Path

import pytest

from bot.playground.page import STATIC

LANGUAGES = ("en", "it", "ru")
TEXT_RATIO = 4.5  # WCAG 2.2, 1.4.3
PAIRS = (
    *product(["text", "muted"], ["panel", "raised", "hover", "chosen", "wall", "bubble"]),
    *product(["accent-text"], ["panel", "raised", "chosen", "bubble", "brass-soft"]),
    *product(["own-text", "own-muted", "own-link"], ["own"]),
    *product(["on-accent"], ["accent", "accent-hover"]),
    *product(["text", "muted", "brass"], ["brass-soft"]),
    *product(["text", "muted", "accent-text", "danger"], ["code"]),
    ("danger", "raised"),
)


def colours(*, dark: bool) -> dict[str, str]:
    css = (STATIC / "css" / "base.css").read_text(encoding="utf-8")
    plain = dict(re.findall(r"--([\w-]+): (#\w{6});", css))
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css)
    return plain | {name: (second if dark else first) for name, first, second in pairs}


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_a_text_stands_out_from_its_ground(ink: str, ground: str, dark: bool) -> None:
    palette = colours(dark=dark)

    assert contrast(palette[ink], palette[ground]) >= TEXT_RATIO


def keys(language: str) -> set[str]:
    source = (STATIC / "js" / "texts" / f"{language}.js").read_text(encoding="utf-8")
    return set(re.findall(r"^  (\w+): ", source, re.MULTILINE))


def scripts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (STATIC / "js").glob("*.js")}


def test_every_language_has_the_same_texts() -> None:
    assert keys("en") == keys("it") == keys("ru")


def test_every_text_is_used() -> None:
    code = json.dumps(scripts())

    assert [key for key in sorted(keys("en")) if f'\\"{key}\\"' not in code] == []


def test_every_text_that_is_used_exists() -> None:
    used = {key for source in scripts().values() for key in re.findall(r'\bt\("(\w+)"', source)}

    assert used - keys("en") == set()


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*")), ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere_or_is_parsed_as_markup(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    foreign = re.findall(r"""(?:src|href|from|import|url)[=( ]+["']?https?:""", source)

    assert foreign == []
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source) == []
    )


def test_the_scripts_stay_small() -> None:
    lengths = {name: source.count("\n") for name, source in scripts().items()}

    assert {name: lines for name, lines in lengths.items() if lines > 200} == {}


def test_the_refusals_that_the_page_translates_are_the_emulators() -> None:
    script = (STATIC / "js" / "refusals.js").read_text(encoding="utf-8")
    plain = re.findall(r"\[/\^([\w' ]{9,})", script)
    folder = STATIC.parent / "telegram"
    said = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))

    assert len(plain) == 9
    assert [part for part in plain if part.removesuffix(" 1 to ") not in said] == []

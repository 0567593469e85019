"""The documentation: its links lead somewhere, and what it tells to type exists."""

import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli.commands import commands
from tenants.profile import Profile

HERE = Path(__file__).parents[1]
PAGES = sorted([*HERE.glob("*.md"), *(HERE / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!\w+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")
FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^[ \t]*```\n(?P<block>.*?)^[ \t]*```|`(?P<inline>[^`\n]+)`", re.M | re.S)
MAKE = re.compile(r"\bmake (?P<targets>[a-z]+(?: [a-z]+)*)")
COMMAND = re.compile(
    r"(?:python -m bot|^(?:\./)?sportello) (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*)?)", re.MULTILINE
)
PATH = re.compile(r"(?:bot|db|tenants|tests|bench|scripts|alembic)(?:/[\w-]+)+(?:\.\w+|/)?")
IN_THE_WHEEL = {"db/migrations/"}  # its build makes them
TEST = re.compile(r"`(?P<name>test_\w+)`")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return str(page.relative_to(HERE))


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", read(page))
    found: Counter[str] = Counter()
    made = set()
    for heading in re.findall(r"^#+ +(.+?) *#*$", text, re.MULTILINE):
        slug = "".join(map(_kept, re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()))
        made.add(f"{slug}-{found[slug]}" if found[slug] else slug)
        found[slug] += 1
    return made


def _kept(char: str) -> str:
    if char == " ":
        return "-"
    return char if char in "-_" or unicodedata.category(char)[0] in "LN" else ""


def code(page: Path) -> list[str]:
    """What stands in code: the blocks that name no language, and what is quoted in a line."""
    return [found["block"] or found["inline"] for found in CODE.finditer(read(page))]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for link in LINK.finditer(FENCE.sub("", read(page))):
        target = (page.parent / link["path"]).resolve() if link["path"] else page
        anchor = link["anchor"]
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link.group())

    assert broken == []


def test_every_page_can_be_reached() -> None:
    linked = {HERE / "README.md"}
    waiting = [HERE / "README.md"]
    while waiting:
        page = waiting.pop()
        for link in LINK.finditer(read(page)):
            target = (page.parent / link["path"]).resolve() if link["path"] else page
            for found in [target] if target.is_file() else sorted(target.glob("*.md")):
                if found.suffix == ".md" and found not in linked:
                    linked.add(found)
                    waiting.append(found)

    assert [name(page) for page in PAGES if page not in linked] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_make_is_asked_for_is_a_target(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", read(HERE / "Makefile"), re.MULTILINE))
    asked = [
        target
        for text in code(page)
        for found in MAKE.finditer(text)
        for target in found["targets"].split()
    ]

    assert [target for target in asked if target not in targets] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_exist(page: Path) -> None:
    asked = [found["words"] for text in code(page) for found in COMMAND.finditer(text)]

    assert [words for words in asked if not exists(words.split())] == []


def exists(words: list[str]) -> bool:
    """Whether the words begin with a command, and go on with one of its own if it is a group."""
    command = get_command(commands)
    while isinstance(command, TyperGroup) and words:
        if words[0] not in command.commands:
            return False
        command, words = command.commands[words[0]], words[1:]
    return True


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_are_named_are_there(page: Path) -> None:
    named = [
        found.group()
        for inline in re.findall(r"`([^`\n]+)`", FENCE.sub("", read(page)))
        for found in [PATH.fullmatch(inline)]
        if found and found.group() not in IN_THE_WHEEL
    ]

    assert [path for path in named if not (HERE / path).exists()] == []


def test_the_way_of_a_message_leads_through_modules_that_are_there() -> None:
    way = read(HERE / "docs" / "discussion" / "how-it-works.md")
    table = way.partition("| until | in `bot/` | in `db/` |\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[2:4] for line in table.splitlines()[1:]]
    named = [
        HERE / folder / module
        for row in cells
        for folder, cell in zip(("bot", "db"), row, strict=True)
        for module in re.findall(r"`([^`]+)`", cell)
    ]

    assert named
    assert [
        str(one) for one in named if not (one.is_dir() or one.with_suffix(".py").is_file())
    ] == []


def test_contributors_are_told_the_layers_that_are_enforced() -> None:
    project = tomllib.loads(read(HERE / "pyproject.toml"))["tool"]["importlinter"]
    inside = next(one for one in project["contracts"] if one.get("containers") == ["bot"])
    layers = " > ".join(re.sub(r"[()]", "", layer) for layer in inside["layers"])
    text = " ".join(read(HERE / "CONTRIBUTING.md").split())

    assert f"the layers are `{layers}`" in text
    assert [leaf for leaf in inside["exhaustive_ignores"] if f"`{leaf}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_tests_that_are_named_are_there(page: Path) -> None:
    named = {found["name"] for found in TEST.finditer(read(page))}
    written = {
        found
        for path in (HERE / "tests").rglob("test_*.py")
        for found in re.findall(r"def (test_\w+)\(", read(path))
    }

    assert named - written - Profile.model_fields.keys() == set()


@pytest.mark.parametrize("picture", sorted((HERE / "docs").rglob("*.png")), ids=name)
def test_a_picture_is_small_and_shown_on_a_page(picture: Path) -> None:
    assert picture.stat().st_size < 300_000
    assert any(picture.name in read(page) for page in PAGES)

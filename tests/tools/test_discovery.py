"""A folder of tools: what is found in it, and what is wrong with it, by file and line."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bot.core.calls import Effect
from bot.errors import ConfigError
from bot.tools.kit.discovery import discover
from bot.tools.kit.toolbox import FileToolbox
from tenants.profile import Profile
from tests.tools.folder import HEAD, NOTHING, faults, found_in, write

GOOD = f'''{HEAD}
@tool(effect="read")
async def tides(context: ToolContext, day: int = 0) -> str:
    """When the water is high.

    Not for the model.
    """
    return "noon"
'''


def test_what_a_file_says_of_its_tool(tmp_path: Path) -> None:
    file = write(tmp_path, "tides.py", GOOD)
    tides = found_in(tmp_path).tools["tides"]

    assert tides.definition.description == "When the water is high."
    assert list(tides.definition.parameters["properties"]) == ["day"]
    assert (tides.effect, tides.timeout, tides.confirm) == (Effect.READ, 10.0, False)
    assert (tides.file, tides.line) == (file, 4)


def test_what_a_tool_says_of_its_names(tmp_path: Path) -> None:
    signature = 'context: ToolContext, day: Annotated[str, "In UTC"]'
    titles = {"it": {"look": "G", "day": "giorno"}}
    text = tool_of(signature, terms=f'effect="read", titles={titles}')
    write(tmp_path, "look.py", f"from typing import Annotated\n{text}")
    look = found_in(tmp_path).tools["look"]

    assert look.definition.titles == titles
    assert look.definition.parameters["properties"]["day"]["description"] == "In UTC"


@pytest.mark.parametrize(
    ("terms", "confirm"),
    [
        ('effect="write"', True),
        ('effect="write", confirm=False', False),
        ('effect="read", confirm=True', True),
    ],
)
def test_a_write_is_confirmed_unless_it_says_otherwise(
    tmp_path: Path, terms: str, confirm: bool
) -> None:
    write(tmp_path, "tides.py", GOOD.replace('effect="read"', terms))
    assert found_in(tmp_path).tools["tides"].confirm is confirm


def test_files_of_a_folder_find_each_other_and_hide_no_module_of_pythons(tmp_path: Path) -> None:
    write(tmp_path, "_shared.py", 'WORD = "noon"\n')
    write(tmp_path, "calendar.py", GOOD.replace(HEAD, f"from ._shared import WORD\n{HEAD}"))
    import calendar  # noqa: PLC0415 - after the file of that name

    assert faults(tmp_path) == []
    assert calendar.monthrange(2026, 2) == (6, 28)


def tool_of(signature: str, *, terms: str = 'effect="read"', doc: str = '"""Look."""') -> str:
    return (
        f"{HEAD}\n@tool({terms})\nasync def look({signature}) -> str:\n    {doc}\n    return ''\n"
    )


CONTEXT = "context: ToolContext"
MANY = ", ".join(map(str, range(600)))
BROKEN = {
    "syntax": ("def look(:\n", "1: this is no Python: invalid syntax"),
    "bytes": ("x = 1\0\n", "1: this is no Python: source code string cannot contain null bytes"),
    "import": ("x = 1\nimport nowhere\n", "2: it cannot be loaded: ModuleNotFoundError of nowhere"),
    "error": ("def f():\n    1 / 0\nf()\n", "2: it cannot be loaded: ZeroDivisionError"),
    "exit": ("import sys\nsys.exit(3)\n", "2: it cannot be loaded: SystemExit"),
    "called": (f"{HEAD}\n@tool\ndef look(): ...\n", "3: it cannot be loaded: TypeError"),
    "none": ("x = 1\n", "1: it holds no tool: a function under @tool(effect=...)"),
    "docstring": (
        tool_of(CONTEXT, doc="pass"),
        "4: look: its docstring is missing: it tells the model when to call it",
    ),
    "yields": (
        tool_of(CONTEXT).replace("return ''", "yield ''"),
        "4: look: a tool returns its result, and does not yield",
    ),
    "long name": (
        tool_of(CONTEXT).replace("look(", f"{'l' * 65}("),
        f"4: {'l' * 65}: a name has at most 64 of a-z, A-Z, 0-9 and _",
    ),
    "foreign name": (
        tool_of(CONTEXT).replace("look(", "città("),
        "4: città: a name has at most 64 of a-z, A-Z, 0-9 and _",
    ),
    "no parameter": (tool_of(""), "4: look: its first parameter must be a ToolContext"),
    "no context": (tool_of("day: int"), "4: look: its first parameter must be a ToolContext"),
    "context by name": (
        tool_of(f"*, {CONTEXT}"),
        "4: look: its first parameter must be a ToolContext",
    ),
    "annotation": (tool_of(f"{CONTEXT},\n    day"), "5: look: day: its annotation is missing"),
    "unknown type": (
        tool_of(f'{CONTEXT}, day: "Nowhere"'),
        "4: look: its annotations cannot be read: NameError of Nowhere",
    ),
    "dict": (
        tool_of(f"{CONTEXT},\n    day: int,\n    more: dict[str, int]"),
        "6: look: more: a dict has no fixed keys: use a list of pairs, or a pydantic model",
    ),
    "star": (
        tool_of(f"{CONTEXT},\n    *days: int"),
        "5: look: days: each parameter must have a name: no * and no **",
    ),
    "stars": (
        tool_of(f"{CONTEXT},\n    **days: int"),
        "5: look: days: each parameter must have a name: no * and no **",
    ),
    "by place": (
        tool_of(f"{CONTEXT}, day: int, /"),
        "4: look: day: it must be one that can be given by name",
    ),
    "effect": (
        tool_of(CONTEXT, terms='effect="rite"'),
        '4: look: its effect must be "read" or "write"',
    ),
    "timeout": (
        tool_of(CONTEXT, terms='effect="read", timeout=61'),
        "4: look: its timeout must be above 0 and at most 60 seconds",
    ),
    "no timeout": (
        tool_of(CONTEXT, terms='effect="read", timeout=0'),
        "4: look: its timeout must be above 0 and at most 60 seconds",
    ),
    "yes for a timeout": (
        tool_of(CONTEXT, terms='effect="read", timeout=True'),
        "4: look: its timeout must be above 0 and at most 60 seconds",
    ),
    "all together": (
        "from typing import Literal\n"
        + tool_of(f"{CONTEXT}, a: Literal[{MANY}], b: Literal[{MANY}]"),
        "5: look: it is larger than the model may be told: fewer values, fewer levels",
    ),
    "probe": (
        tool_of(CONTEXT, terms='effect="write", probe=lambda context, day: None'),
        "4: look: its probe must have the same parameters",
    ),
    "secret": (
        tool_of(CONTEXT, terms='effect="read", secrets=("CALENDAR_KEY",)'),
        "4: look: CALENDAR_KEY is not set",
    ),
    "one secret": (
        tool_of(CONTEXT, terms='effect="read", secrets="CALENDAR_KEY"'),
        '4: look: its secrets must be names, such as ("CALENDAR_KEY",)',
    ),
    "titles": (
        tool_of(CONTEXT, terms='effect="read", titles={"it": "Guardare"}'),
        '4: look: its titles must be such as {"it": {"look": "..."}}',
    ),
    "titles of nothing": (
        tool_of(CONTEXT, terms='effect="read", titles={"it": {"sea": "mare"}}'),
        "4: look: its titles in 'it' name what it has not got: sea",
    ),
    "titles that nobody sees": (
        tool_of(CONTEXT, terms='effect="read", titles={"it": {"look": " "}}'),
        '4: look: its titles must be such as {"it": {"look": "..."}}',
    ),
    "titles of two lines": (
        tool_of(CONTEXT, terms='effect="read", titles={"it": {"look": "Guar\\ndare"}}'),
        '4: look: its titles must be such as {"it": {"look": "..."}}',
    ),
    "return": ("\nreturn 1", "2: this is no Python: 'return' outside function"),
    "sportello's": (
        tool_of(CONTEXT).replace("look(", "opening_hours("),
        "4: opening_hours: there is one of this name in ",
    ),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_each_thing_that_is_wrong_has_its_line(tmp_path: Path, text: str, told: str) -> None:
    write(tmp_path, "look.py", text)
    (fault,) = faults(tmp_path)
    assert fault.startswith(f"look.py:{told}")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "sea.py").mkdir()
    assert faults(tmp_path) == ["sea.py:1: this cannot be read as Python"]


def test_less_than_a_second_is_a_timeout(tmp_path: Path) -> None:
    write(tmp_path, "sea.py", tool_of(CONTEXT, terms='effect="read", timeout=0.5'))
    assert found_in(tmp_path).tools["look"].timeout == 0.5


def test_two_of_one_name_are_told_with_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, "a.py", GOOD)
    write(tmp_path, "b.py", GOOD)
    assert faults(tmp_path) == [f"b.py:4: tides: there is one of this name in {first}:4"]


def test_two_of_one_name_in_a_file_are_told(tmp_path: Path) -> None:
    write(tmp_path, "a.py", GOOD + GOOD.removeprefix(HEAD))
    assert faults(tmp_path) == ["a.py:12: tides: this file has one of this name above"]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.py", tool_of(f"{CONTEXT}, x, y", doc="pass"))
    write(tmp_path, "b.py", "(")
    write(tmp_path, "c.py", GOOD)
    with pytest.raises(ConfigError) as told:
        FileToolbox(tmp_path, NOTHING).load()
    assert [line.strip().split(":")[1] for line in str(told.value).splitlines()[1:]] == [
        *("4", "4", "4", "1"),
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [("nowhere", ":0: it is no folder"), ("empty", ":0: it holds no tool: no file NAME.py")],
)
def test_a_folder_without_tools(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    assert faults(tmp_path / name) == [f"{tmp_path / name}{told}"]


async def test_an_assistant_has_the_tools_that_its_profile_names(tmp_path: Path) -> None:
    write(tmp_path, "a.py", GOOD + GOOD.removeprefix(HEAD).replace("tides", "waves"))
    box = FileToolbox(tmp_path, NOTHING)
    profile = Profile(tools=("waves", "gone", "tides"))

    assert [tool.definition.name for tool in box.of(profile)] == ["tides", "waves"]
    assert box.of(Profile()) == ()
    assert box.find("gone") is None
    assert await box.at(1) is box
    assert (found := box.find("waves")) is not None
    assert found.definition.name == "waves"


def test_a_process_that_asks_for_no_tool_loads_none() -> None:
    program = """
        import sys
        from bot.tools.kit.toolbox import FileToolbox
        from tenants.profile import Profile
        box = FileToolbox(None, {})
        assert box.of(Profile()) == ()
        print(sorted({"openai", "bot.tools.kit.discovery"} & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(program)], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("language", ["it", "ru"])
@pytest.mark.parametrize("name", ["transfer", "hang_up"])
def test_what_is_done_in_a_call_is_read_in_the_language_of_who_reads_it(
    name: str, language: str
) -> None:
    """/chats shows owners what was called; requests have words of their own."""
    tool = discover(None, {}).tools[name].definition
    assert tool.titles[language].keys() == {name, *tool.parameters["properties"]}

"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import alembic
import pytest
from packaging.requirements import Requirement

HERE = Path(__file__).parents[1]
CODE = ("alembic", "bench", "bot", "db", "scripts", "tenants", "tests")
SERVED = ("bot", "db", "tenants")
LONGEST_MODULE_LINES = 350
LONGEST_DECISION_LINES = 40
CRUMB_LINES = 25  # shorter, and known to one other module alone: a part of that one
DECISIONS = sorted((HERE / "docs" / "decisions").glob("[0-9]*.md"))
LOCKS = sorted((HERE / "requirements").glob("*.txt"))


@cache
def texts() -> dict[str, str]:
    """Every text file of the project, by its name."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  # git is where it is
        cwd=HERE,
        stdout=subprocess.PIPE,
        check=True,
    )
    names = sorted(filter(None, listed.stdout.decode().split("\0")))
    found = {name: (HERE / name).read_bytes() for name in names if (HERE / name).is_file()}
    return {name: data.decode() for name, data in found.items() if b"\0" not in data}


def lines_that_match(pattern: str, *, suffix: str = "") -> list[str]:
    if not (HERE / ".git").exists():
        pytest.skip("only git tells the project's files from what lies beside them: no checkout")
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts().items()
        if name.endswith(suffix)
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_alembic_is_the_library_and_not_our_folder() -> None:
    assert not (HERE / "alembic" / "__init__.py").exists()
    assert alembic.__file__ is not None
    assert Path(alembic.__file__).parent != HERE / "alembic"


def test_no_module_is_too_long() -> None:
    modules = [path for folder in CODE for path in (HERE / folder).rglob("*.py")]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}

    assert [
        f"{path.relative_to(HERE)}: {lines} lines"
        for path, lines in lengths.items()
        if lines > LONGEST_MODULE_LINES
    ] == []


def served() -> dict[str, ast.Module]:
    """What a run may load, by its dotted name: without the playground."""
    paths = [path for folder in SERVED for path in (HERE / folder).rglob("*.py")]
    names = {".".join(path.relative_to(HERE).with_suffix("").parts): path for path in paths}
    return {
        name.removesuffix(".__init__"): ast.parse(path.read_text(encoding="utf-8"))
        for name, path in names.items()
        if not name.startswith("bot.playground")
    }


def test_no_module_is_a_crumb_of_the_only_one_that_knows_it() -> None:
    modules = served()
    importers: dict[str, set[str]] = {name: set() for name in modules}
    for name, module in modules.items():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in (node.module, *(f"{node.module}.{a.name}" for a in node.names)):
                    if one in importers:
                        importers[one].add(name)
    assert [
        f"{name} of {only}"
        for name, (only, *others) in ((n, list(i)) for n, i in importers.items() if i)
        if not others and (HERE / f"{name.replace('.', '/')}.py").is_file()  # a package is no crumb
        if (modules[name].body[-1].end_lineno or 0) < CRUMB_LINES
    ] == []


def test_no_two_classes_have_one_name() -> None:
    # An enum of texts is named as its area, by which its catalogue is found.
    homes: dict[str, list[str]] = {}
    for name, module in served().items():
        for node in module.body if not name.startswith("bot.core.texts") else ():
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_no_path_of_somebodys_machine_is_written_down() -> None:
    assert lines_that_match(r"(?<![\w.*<>{}])/(home|Users|root|work|opt)/\w") == []


def test_each_ignored_rule_carries_its_reason() -> None:
    ignored = r"#\s*(?>type:\s*ignore(\[[\w,\s-]+\])?|noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?)"

    assert lines_that_match(rf"{ignored}(?!\W*\w)", suffix=".py") == []


def test_nothing_of_our_code_is_patched_in_a_test() -> None:
    assert lines_that_match(r"\bmonkeypatch[.]setattr") == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_pins_by_hash_and_names_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line for line in text.splitlines() if not line.startswith("#")]
    shape = r"[a-z0-9-]+==[\w.]+( ; [^:]+?)?(\s+--hash=sha256:[0-9a-f]{64})+"

    assert [line for line in pins if not re.fullmatch(shape, line.strip())] == []


def test_the_locks_hold_what_the_project_declares() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    development = groups["test"] + groups["check"] + groups["lock"]

    assert _not_in_lock("run", project["project"]["dependencies"]) == []
    assert _not_in_lock("dev", development) == []


def _not_in_lock(lock: str, declared: list[str]) -> list[str]:
    text = (HERE / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", text, re.MULTILINE))
    wanted = [Requirement(line) for line in declared]
    return [str(one) for one in wanted if not one.specifier.contains(pinned.get(one.name, "0"))]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_names_what_keeps_it_true(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_DECISION_LINES
    assert re.search(r"^Kept true by", text, re.MULTILINE)


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"\n## {project['version']}" in (HERE / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "word",
    [
        *("update", "channel", "chat", "client", "tenant", "profile", "assistant", "admin"),
        *("operator", "host", "thread", "conversation", "turn", "step", "reply", "bubble"),
        *("inbox", "outbox", "tool", "escalation", "pace", "epoch", "lease", "in doubt"),
        *("playground", "waiting message", "quiet window", "claim", "call", "request", "deed"),
        *("notice", "backlog", "place", "bound", "quota", "limits", "budget", "allowance"),
    ],
)
def test_the_glossary_explains_each_word_once(word: str) -> None:
    glossary = (HERE / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")

    assert len(re.findall(rf"^\| {word} \|", glossary, re.MULTILINE)) == 1


def test_no_connection_leaves_db() -> None:
    """Above db a read is named, and a write is an operation: who may see a connection, may do all.

    The stand-ins keep what they know in files of their own; aiohttp has connections, too.
    """
    of_others = re.compile(r"bot/(playground|net)/")
    mentioned = r"\bConnection\b|\.connection\b|\bsqlalchemy\b|\blambda (c|connection)\b"

    assert [
        line
        for line in lines_that_match(mentioned, suffix=".py")
        if line.startswith(("bot/", "tenants/")) and not of_others.match(line)
    ] == []


def test_above_db_a_write_is_an_operation_and_its_line_in_the_audit_is_the_operations_own() -> None:
    """So the chat and the command line do the same, and leave the same behind."""
    beside = r"\binsist\b|\b(database|outside)\.write\(|\.carry_out\(|db\.journal import.*\bapply\b"
    audit = r"db\.audit import.*\b(note|note_each|Signature)\b"

    assert [
        line
        for line in lines_that_match(rf"{beside}|{audit}", suffix=".py")
        if line.startswith(("bot/", "tenants/"))
    ] == []


def test_a_loop_over_a_generator_closes_it_however_it_ends() -> None:
    """Left early, an asynchronous generator keeps its connection until it is collected."""
    modules = [path for folder in SERVED for path in (HERE / folder).rglob("*.py")]

    assert [
        f"{path.relative_to(HERE)}:{loop.lineno}"
        for path in modules
        for loop in _left_open(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


def _left_open(module: ast.AST) -> list[ast.AsyncFor]:
    """Loops over what is made on the spot, or held by a name that is never closed."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.AsyncFunctionDef)]
    return [
        loop
        for function in functions
        for loop in ast.walk(function)
        if isinstance(loop, ast.AsyncFor) and not _is_closed(loop.iter, function)
    ]


def _is_closed(iterated: ast.expr, function: ast.AsyncFunctionDef) -> bool:
    """Whether the function closes it, or got it from a caller or a context, which does."""
    if not isinstance(iterated, ast.Name):
        return False
    text, name = ast.unparse(function), re.escape(iterated.id)
    made = re.search(rf"^\s*{name} = ", text, re.MULTILINE)
    return not made or re.search(rf"\b{name}\.aclose\(\)", text) is not None

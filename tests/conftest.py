"""Fixtures that every test may use: a migrated database, on SQLite and on PostgreSQL."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from db.engine import Database
from db.journal import Journal
from tests.backends import LATER
from tests.databases import Backend, PostgreSQL, SQLite, guarded_folder, opened, start_postgresql
from tests.statements import share

share()
pytest.register_assert_rewrite(  # before any folder's conftest: others than scenarios use them
    "tests.scenarios.admins", "tests.scenarios.people", "tests.scenarios.stage"
)

# No test judges by the clock: a busy machine, or the first run of a clone, is slow.
_unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What turns red is then what was changed. CI takes more examples; to look for others: =search.
settings.register_profile("same", _unhurried, derandomize=True, max_examples=40)
settings.register_profile("more", _unhurried, derandomize=True, max_examples=200)
settings.register_profile("search", _unhurried, max_examples=2_000)
settings.load_profile("same")

FOLDER = pytest.StashKey[Path]()  # of all processes of a test run; short, as a socket's path is


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        gc.disable()  # to collect tests makes little garbage; see _sweep for what comes then
        config.stash[FOLDER] = Path(config.workerinput["folder"])
    else:
        until_the_end = ExitStack()
        config.stash[FOLDER] = until_the_end.enter_context(guarded_folder())
        config.add_cleanup(until_the_end.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # pytest-xdist's, which has no types
    node.workerinput["folder"] = str(node.config.stash[FOLDER])


def pytest_collection_finish() -> None:
    _sweep()


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """What the tests of a module leave behind is found, and warned of, when they are over."""
    yield
    _sweep()


def _sweep() -> None:
    """Collect garbage, and look no more through what stays: that took a third of the time.

    Nor is any looked for until the next time: what was found then failed whatever test was
    running, not one of those that had left it.
    """
    gc.collect()
    gc.freeze()
    gc.disable()  # once more: a command that ran in a test enables it when it is loaded


@pytest.fixture(scope="session", autouse=True)
def no_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test speaks TLS, and reading the system's certificates takes 40 ms a client."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("SSL_CERT_FILE", raising=False)
        environment.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("authorities")))
        yield


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SQLite:
    backend = SQLite(tmp_path_factory.mktemp("template") / "sportello.db")
    asyncio.run(backend.prepare())
    return backend


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Iterator[PostgreSQL]:
    folder = pytestconfig.stash[FOLDER]
    with start_postgresql(folder) as server:
        backend = PostgreSQL(server, folder)
        asyncio.run(backend.prepare())
        yield backend


@pytest.fixture(params=["sqlite", LATER])
def backend(request: pytest.FixtureRequest) -> Backend:
    """SQLite at once and PostgreSQL later; both at once where a test is told `on_both`.

    `@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)` takes one alone.
    """
    backend: Backend = request.getfixturevalue(request.param)
    return backend


@pytest.fixture
async def database_url(backend: Backend, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    async with backend.database(tmp_path) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same database, open."""
    async with opened(database_url) as database:
        yield database


@pytest.fixture
async def journal(database: Database) -> AsyncIterator[Journal]:
    """The writer of that database, at work."""
    journal = Journal(database)
    serving = asyncio.create_task(journal.serve())
    yield journal
    serving.cancel()
    await asyncio.wait([serving])
    assert serving.cancelled(), serving.exception()

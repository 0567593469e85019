"""Small faults, put into the code one at a time: each should be seen by a test.

    python -m scripts.mutants                       every module of TESTS: hours on two cores
    python -m scripts.mutants bot/turns/doubt.py    one module: minutes, or more

The tests run once, and what each of them enters is noted. Then a process is forked for each fault,
in which one function has other code, and the tests that enter its line run until one fails. What
no test sees is printed. What scripts/mutants.txt explains is not tried: it would take all of them.
SQLite only; faults of class bodies and of what modules do as they are imported are not made.
"""

import argparse
import faulthandler
import gc
import os
import resource
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any, Final

import pytest
from coverage import Coverage

from scripts.faults import ROOT, Fault, faults_of
from tests import patience

EXPLAINED: Final = Path(__file__).with_suffix(".txt")
# What is tried, and by which tests.
TESTS: Final[Mapping[str, Sequence[str]]] = {
    "bot/turns": ["tests/turns"],
    "bot/turns/attention.py": [
        "tests/scenarios/test_chats_forgotten.py",
        "tests/scenarios/test_on_duty.py",
        "tests/scenarios/test_requests.py",
        "tests/scenarios/test_wanted.py",
        "tests/scenarios/test_wanted_troubles.py",
    ],
    "db/operations": ["tests/db", "tests/turns"],
    "bot/tools/kit": ["tests/tools"],
    "tenants/permissions.py": ["tests/telegram/admin/test_permissions.py"],
    "bot/telegram/admin/command.py": [
        "tests/telegram/admin/test_command.py",
        "tests/scenarios/test_history.py",
        "tests/telegram/admin/test_permissions.py",
    ],
}
SPARE_SECONDS: Final = 60.0  # of processor time: a fault may go round in circles
SPARE_WAIT_SECONDS: Final = 120.0  # or wait for what never comes
PATIENCE_SECONDS: Final = 10.0  # for what does not come any more, which a fault may bring about
AT_ONCE: Final = 2 * (os.cpu_count() or 1)  # some only wait
OPTIONS: Final = (
    *("-q", "-s", "-p", "no:xdist", "-p", "no:cacheprovider", "--tb=no", "--no-header"),
    *("-m", "not postgresql and not long", "-o", "tmp_path_retention_policy=failed"),
    f"--timeout={3 * PATIENCE_SECONDS}",
)


@dataclass(slots=True, eq=False)  # pytest keeps its plugins in a set
class Trial:
    """A plugin of pytest's: what it does in place of a run."""

    faults: Mapping[str, Sequence[Fault]]  # of each module
    entered: dict[tuple[str, int], list[pytest.Item]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # of each test
    unseen: list[Fault] = field(default_factory=list)
    given_up: int = 0  # faults: they took too long, and no test has said why
    # By the number of the process, with the end of the pipe by which it tells what saw the fault.
    running: dict[int, tuple[Fault, int]] = field(default_factory=dict)
    # What saw another fault of a module, the last first: it is likely to see the next one, too.
    keen: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    tells: int = -1  # where a process tells which test failed
    failed: list[str] = field(default_factory=list)  # by themselves
    forked: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Called once the tests are collected."""
        self._note_what_is_entered(session)
        if self.failed:
            pytest.exit(f"mutants: these must pass by themselves first: {', '.join(self.failed)}")
        functions = _loaded_functions()
        for path, faults in self.faults.items():
            unseen = len(self.unseen)
            for fault in faults:
                self._try(fault, functions, session)
            while self.running:
                self._wait()
            print(f"\n{path}: {len(faults)} faults, {len(self.unseen) - unseen} unseen", flush=True)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has said what it has to say."""
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            if self.forked:
                os.write(self.tells, report.nodeid.encode())
                os._exit(1)
            self.failed.append(report.nodeid)

    def _note_what_is_entered(self, session: pytest.Session) -> None:
        coverage = Coverage(
            data_file=None,
            config_file=False,
            include=[str(ROOT / path) for path in self.faults],
            concurrency=["thread", "greenlet"],
        )
        coverage.start()
        for number, item in enumerate(session.items):
            coverage.switch_context(str(number))
            _run(item, session.items[number + 1 : number + 2], session)
        coverage.stop()
        data = coverage.get_data()
        for path in self.faults:
            for line, numbers in data.contexts_by_lineno(str(ROOT / path)).items():
                entered = [session.items[int(number)] for number in numbers if number]
                self.entered[path, line] = self._spread(entered)

    def _spread(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """The quickest of each test's variants first, then the second of each."""
        met: Counter[str] = Counter()
        ranks: dict[pytest.Item, int] = {}
        for item in sorted(items, key=lambda item: self.seconds[item.nodeid]):
            test = item.nodeid.partition("[")[0]
            ranks[item] = met[test]
            met[test] += 1
        return sorted(ranks, key=ranks.__getitem__)

    def _try(
        self,
        fault: Fault,
        functions: Mapping[tuple[str, str, int], Sequence[FunctionType]],
        session: pytest.Session,
    ) -> None:
        loaded = functions.get((str(ROOT / fault.path), fault.name, fault.first_line), ())
        # Code can only be exchanged for what names the same variables from around it.
        free = fault.code.co_freevars
        found = [function for function in loaded if function.__code__.co_freevars == free]
        items = self._keen_first(fault)
        if not found or not items:
            self._note_unseen(fault)
            return
        while len(self.running) >= AT_ONCE:
            self._wait()
        sys.stdout.flush()
        heard, self.tells = os.pipe()
        if pid := os.fork():
            os.close(self.tells)
            self.running[pid] = fault, heard
            return
        self._live_with(fault, found, items, session)

    def _keen_first(self, fault: Fault) -> list[pytest.Item]:
        keen = {name: rank for rank, name in enumerate(reversed(self.keen[fault.path]))}
        items = self.entered.get((fault.path, fault.line), [])
        return sorted(items, key=lambda item: keen.get(item.nodeid, len(keen)))

    def _live_with(
        self,
        fault: Fault,
        functions: Sequence[FunctionType],
        items: Sequence[pytest.Item],
        session: pytest.Session,
    ) -> None:
        """In a process of its own, which ends by 1 when a test fails."""
        self.forked = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        used = sum(os.times()[:2])
        expected = sum(self.seconds[item.nodeid] for item in items)
        limit = int(used + expected + SPARE_SECONDS)  # it took no more than that, waiting included
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        # What a test's own limit raises may be met by an event loop, and the test waits on.
        faulthandler.dump_traceback_later(3 * expected + SPARE_WAIT_SECONDS, exit=True)
        try:
            for function in functions:
                function.__code__ = fault.code
            for number, item in enumerate(items):
                _run(item, items[number + 1 : number + 2], session)
            os._exit(0)
        finally:
            os._exit(1)

    def _wait(self) -> None:
        pid, status = os.wait()
        fault, heard = self.running.pop(pid)
        with os.fdopen(heard) as told:
            seen_by = told.read()
        if status == 0:
            self._note_unseen(fault)
            return
        if not seen_by:
            self.given_up += 1
            print(f"\ngiven up: {fault}", flush=True)
            return
        self.keen[fault.path].pop(seen_by, None)
        self.keen[fault.path][seen_by] = None
        print(".", end="", flush=True)

    def _note_unseen(self, fault: Fault) -> None:
        """Told at once: the rest may take hours."""
        self.unseen.append(fault)
        print(f"\n{fault}", flush=True)


def _run(item: pytest.Item, following: Sequence[pytest.Item], session: pytest.Session) -> None:
    """What the whole session has set up stays: the session itself follows the last test."""
    after: Any = following[0] if following else session
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)


def _loaded_functions() -> Mapping[tuple[str, str, int], Sequence[FunctionType]]:
    """Each function of ours, by its file, name and first line."""
    gc.unfreeze()
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(f"{ROOT}/"):
            code = one.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)
    gc.freeze()
    return found


# ------------------------------------------------------------------- the command


def modules_of(names: Sequence[str]) -> list[str]:
    """The modules that are tried: files of TESTS, or of its folders."""
    found = []
    for name in names:
        path = ROOT / name
        files = sorted(path.glob("*.py")) if path.is_dir() else [path]
        found += [str(file.relative_to(ROOT)) for file in files]
    return found


def tests_of(modules: Sequence[str]) -> list[str]:
    """The tests that try them."""
    needed = [
        test
        for name, tests in TESTS.items()
        if any(module.startswith(name) for module in modules)
        for test in tests
    ]
    return list(dict.fromkeys(needed))


def explained() -> Set[str]:
    """The faults that no test has to see, of lines `module function: change | why`."""
    lines = EXPLAINED.read_text(encoding="utf-8").splitlines() if EXPLAINED.exists() else []
    told = (line for line in lines if line and not line.startswith("#"))
    return {line.rpartition(" | ")[0] for line in told}


def module_of(known_as: str) -> str:
    """The module of an explained fault."""
    return known_as.partition(" ")[0]


def main() -> None:
    """Exit with 1 when a fault is neither seen nor explained, or an explanation has no fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS), metavar="module")
    modules = modules_of(parser.parse_args().modules)
    if missing := [one for one in modules if not (ROOT / one).is_file()]:
        parser.error(f"no such module: {', '.join(missing)}")  # now, and not after hours
    made = {path: list(faults_of(path)) for path in modules}
    told = explained()
    gone = {one for one in told if not (ROOT / module_of(one)).is_file()}
    known = {one for one in told if module_of(one) in made}
    if stale := gone | known - {fault.known_as for faults in made.values() for fault in faults}:
        parser.error("no such fault:\n" + "\n".join(sorted(stale)))
    trial = Trial({path: [one for one in made[path] if one.known_as not in known] for path in made})
    patience.PATIENCE_SECONDS = PATIENCE_SECONDS  # type: ignore[misc]  # before tests take it over
    os.chdir(ROOT)
    if pytest.main([*OPTIONS, *tests_of(modules)], plugins=[trial]):
        sys.exit(1)
    for fault in trial.unseen:
        print(fault)
    print(f"{len(trial.unseen)} unseen, {trial.given_up} given up, {len(known)} explained")
    sys.exit(bool(trial.unseen))


if __name__ == "__main__":
    main()

"""A journal and reads of the tables where no table is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class FakeJournal:
    """db.journal.Journal: what was to be done, in order. `results`: of the operations expected."""

    results: Mapping[type, Any]
    done: list[Any] = field(default_factory=list)

    async def do(self, operation: Any) -> Any:
        self.done.append(operation)
        return self.results[type(operation)]


@dataclass(slots=True)
class FakeReads:
    """db.engine.Database: what each query finds, the next first; an exception is raised."""

    found: Mapping[Any, list[Any]]  # by the query

    async def read(self, query: Callable[..., Any], *_: object, **__: object) -> Any:
        found = self.found[query].pop(0)
        if isinstance(found, Exception):
            raise found
        return found

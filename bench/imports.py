"""What a run imports, package by package, in kilobytes: `python -m bench.imports`.

A package's share is its code and what that made while it was imported, without what it imported in
turn. What the allocator keeps and libraries map comes on top: `python -m bench.memory`.
"""

import gc
import importlib
import sys
import tracemalloc
from collections import Counter
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
)
from types import ModuleType

RUN = ("bot.__main__", "bot.cli.run")
shares: Counter[str] = Counter()
_inner = [0]  # what was imported meanwhile, of each import that is under way


class _Measured(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        before, _ = tracemalloc.get_traced_memory()
        _inner.append(0)
        try:
            super().exec_module(module)
        finally:
            after, _ = tracemalloc.get_traced_memory()
            shares[module.__name__.partition(".")[0]] += after - before - _inner.pop()
            _inner[-1] += after - before


def main() -> None:
    """Import it all, and print a line for each package, the heaviest first."""
    loaders = (ExtensionFileLoader, EXTENSION_SUFFIXES), (_Measured, SOURCE_SUFFIXES)
    sys.path_hooks.insert(0, FileFinder.path_hook(*loaders))
    sys.path_importer_cache.clear()
    gc.disable()  # as a start has it
    tracemalloc.start()
    for name in RUN:
        importlib.import_module(name)
    for package, taken in shares.most_common():
        print(package, taken // 1024)


if __name__ == "__main__":
    main()

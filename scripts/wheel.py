"""Build the wheel, look inside it, and run it by itself in a clean environment."""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parents[1]
LOCK = HERE / "requirements" / "run.txt"
ALEMBIC = HERE / "alembic"
PACKAGES = ("bot", "db", "tenants")
MIGRATIONS = Path("db", "migrations")


def main() -> None:
    """Exit with a readable line at the first thing that is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = build(Path(folder))
        look_inside(wheel)
        python = clean_environment(Path(folder))
        install(python, wheel)
        run_by_itself(python, Path(folder))
    print(f"{wheel.name} runs by itself")


def build(folder: Path) -> Path:
    """Build the wheel into a folder."""
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=HERE)
    return next(folder.glob("*.whl"))


def look_inside(wheel: Path) -> None:
    """Compare the names in the wheel with the files of the checkout."""
    names = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {path.as_posix() for path in _packaged()}
    if names != wanted:
        sys.exit(f"missing: {sorted(wanted - names)}\nnot wanted: {sorted(names - wanted)}")


def clean_environment(folder: Path) -> Path:
    """A venv in a folder with what the lock names and nothing else, as it is installed here.

    To install it anew would take fifteen seconds.
    """
    venv = folder / "venv"
    _run(sys.executable, "-m", "venv", "--without-pip", venv)
    there = Path(sysconfig.get_path("purelib", vars={"base": str(venv), "platbase": str(venv)}))
    entries = set[str]()
    locked = re.findall(r"^([\w.-]+)==([\w.+!-]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    for name in {name for name, _ in locked}:
        with suppress(PackageNotFoundError):  # another platform's: else pip misses it below
            installed = distribution(name)
            if (name, installed.version) not in locked:
                sys.exit(f"{name} {installed.version} is not the lock's: make install")
            entries |= {file.parts[0] for file in installed.files or ()}
    site = Path(sysconfig.get_path("purelib"))
    for entry in entries - {"..", "__pycache__"}:
        (there / entry).symlink_to(site / entry)
    return venv / "bin" / "python"


def install(python: Path, wheel: Path) -> None:
    """Install the wheel alone; then nothing that it declares may be missing."""
    _pip(python, "install", "--no-index", "--no-deps", wheel)
    _pip(python, "check")


def run_by_itself(python: Path, folder: Path) -> None:
    """Run the command far from the checkout, with an environment that says nothing."""
    sportello = python.parent / "sportello"
    _run(sportello, "--help", cwd=folder)
    _run(sportello, "tenants", "apply", "hotel-aurora", cwd=folder)
    _run(sportello, "check", cwd=folder)


def _packaged() -> set[Path]:
    code = {path.relative_to(HERE) for name in PACKAGES for path in _files(HERE / name)}
    return code | {MIGRATIONS / path.relative_to(ALEMBIC) for path in _files(ALEMBIC)}


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def _pip(python: Path, *arguments: str | Path) -> None:
    """Our own pip, on another environment."""
    quietly = ("-qq", "--disable-pip-version-check", "--python", python)
    _run(sys.executable, "-m", "pip", *quietly, *arguments)


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    ours = ("PYTHON", "VIRTUAL_ENV", "TELEGRAM_", "OPENAI_", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}")


if __name__ == "__main__":
    main()

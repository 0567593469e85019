"""A newer program: a copy of this one with one migration more."""

import asyncio
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config

from db.schema import revisions, scripts
from db.upgrade import min_code as oldest_program

ROOT = Path(__file__).parents[2]
NUMBER = f"{int(revisions()[-1]) + 1:04}"
_OURS = Config()
_OURS.set_main_option("script_location", str(scripts()))
MAY_RUN = oldest_program(_OURS)  # on the tables as they are
SOURCE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{number}", "{before}", None, None
min_code = "{min_code}"

def upgrade():
    {work}

def downgrade():
    pass
"""
CODE = """
import asyncio, sys
from db.engine import open_database
from db.migrate import migrate
from db.schema import schema

async def start(url):
    database = open_database(url)
    await migrate(database, url)
    print(await schema(database), flush=True)
    while sys.stdin.readline():
        print(await schema(database), flush=True)
    await database.close()

asyncio.run(start(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class NewerProgram:
    """`folder` holds it."""

    folder: Path

    @property
    def migrations(self) -> Path:
        return self.folder / "alembic"

    async def starts(self, url: str) -> None:
        """It brings the database to its own schema, in a process of its own, and ends."""
        process = await running(self.folder, url)
        said, _ = await process.communicate(b"")
        assert said == b"current\n"


async def running(folder: Path, url: str) -> Process:
    """The program there, started: it says how the schema stands, and again for each line."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", CODE, url, cwd=folder, stdin=PIPE, stdout=PIPE
    )


def newer_program(folder: Path, work: str, *, min_code: str = MAY_RUN) -> NewerProgram:
    """Its migration does this work, and says that such programs may still run."""
    copy_program(folder)
    told = {"number": NUMBER, "before": revisions()[-1], "min_code": min_code, "work": work}
    source = folder / "alembic" / "versions" / f"{NUMBER}_of_tomorrow.py"
    source.write_text(SOURCE.format(**told))
    return NewerProgram(folder)


def copy_program(folder: Path) -> None:
    """This one, as far as it has to do with databases."""
    for package in ("db", "alembic"):
        shutil.copytree(ROOT / package, folder / package, dirs_exist_ok=True)

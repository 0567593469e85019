"""What bounds a turn of a host who sets nothing, for tests that are about something else."""

from typing import Final

from db.portions import Portion

PORTION: Final = Portion(messages=50, characters=50_000)

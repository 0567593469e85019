"""A turn that calls a tool beside one that does not: `python -m bench.tool`.

In both the assistant has the tool, which only reads. The first answer of a turn takes a second, so
that all of a wave have called before any is asked again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.alone import measure_alone
from bench.measure import REPLY, Figures, Subject, World, open_world
from bench.processes import host

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
CHATS: Final = 50
WAVES: Final = 4
COMPANY: Final = """
company_name = "Hotel Aurora"
language = "en"
opening_hours = ["Monday to Sunday 08:00-20:00"]
tools = ["opening_hours"]
"""
CALL: Final = {"name": "opening_hours", "arguments": '{"day": "2027-01-04"}'}


def measure_tool(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """CPU of a turn with one call, as a ratio to that of a turn without."""
    folder.mkdir()
    _set_up(database_url, folder / "hotel-aurora.toml")
    with open_world(SUBJECT, database_url=database_url, folder=folder) as world:
        say("warm-up of a company with a tool")
        _wave(world, calls=False)
        _wave(world, calls=True)
        say(f"{WAVES} times {CHATS} turns without a call, and with one each")
        quiet, calling = 0.0, 0.0
        for _ in range(WAVES):
            quiet += _wave(world, calls=False)
            calling += _wave(world, calls=True)
    return {"tool cpu": calling / quiet}


def _set_up(database_url: str, profile: Path) -> None:
    profile.write_text(COMPANY)
    host("tenants", "apply", str(profile), settings={"DATABASE_URL": database_url})


def _wave(world: World, *, calls: bool) -> float:
    """CPU seconds of the bot while all chats write once."""
    if calls:
        asked = [{"calls": [CALL], "first_ms": 1000}] * CHATS
        script = {"replies": [*asked, *[REPLY] * CHATS]}
        world.http.post(f"{world.openai}/control/script", json=script).raise_for_status()
    talk = world.talk(chats=CHATS, at_once=CHATS, count=CHATS, spread_seconds=0)
    if calls and world.http.get(f"{world.openai}/control/script").json()["left"]:
        raise RuntimeError("not every turn called the tool: nothing was measured")
    return talk.cpu_seconds


def main() -> None:
    """Print the figure."""
    found = measure_alone(measure_tool, name="tool", description=__doc__)
    print(f"a turn with a call: CPU x {found['tool cpu']:.2f}")


if __name__ == "__main__":
    main()

"""`sportello run`: serve until told to stop."""

import asyncio
import gc
from contextlib import suppress

from bot.app import App, build
from bot.cli.misspelt import find_misspelt
from bot.cli.signals import heeding_signals
from bot.cli.stage import Stage, set_stage
from bot.cli.start import begin
from bot.cli.tell import echo
from bot.telegram.account import BotIdentity


async def run(*, playground: bool = False) -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigError for what the host must mend."""
    for hint in find_misspelt():
        echo(f"sportello: {hint}", err=True)
    settings, stop = begin(), asyncio.Event()
    with heeding_signals(stop):
        async with set_stage(settings, playground=playground) as stage:
            await _serve(build(stage.settings), stage, stop)


async def _serve(app: App, stage: Stage, stop: asyncio.Event) -> None:
    listening = asyncio.Event()

    def tell(me: BotIdentity) -> None:
        listening.set()
        gc.collect()
        gc.freeze()  # what was loaded stays: looking through it again would stop every chat
        echo(stage.announce(me.username))

    serving = asyncio.create_task(app.run(stop, ready=tell, claimable=_tell_claim))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not listening.is_set():
        serving.cancel()  # nothing was begun that would have to be ended well
    with suppress(asyncio.CancelledError):
        await serving


def _tell_claim(link: str) -> None:
    echo(f"Nobody runs this yet: whoever opens {link} first does (once, within an hour).")

"""`python -m bot.playground.openai`: the emulator as a process of its own."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bot.playground.guard import LOOPBACK_NAMES, LocalOnly
from bot.playground.openai.archive import Archive
from bot.playground.openai.draft import Answers, Rhythm
from bot.playground.openai.emulator import Emulator
from bot.playground.openai.faults import Then
from bot.playground.openai.offline import OfflineModel
from bot.playground.openai.script import Repeating, read_replies, sample_reply
from bot.playground.serve import serve


def main(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 is any free one.")] = 0,
    state: Annotated[
        Path | None, typer.Option(help="Keep conversations and responses in this file.")
    ] = None,
    reply: Annotated[
        Path | None, typer.Option(help="JSON: the reply to give, or a list to give in turn.")
    ] = None,
    bubbles: Annotated[
        int | None, typer.Option(min=1, help="Give a fixed reply of so many bubbles.")
    ] = None,
    chunks: Annotated[
        int | None, typer.Option(min=1, help="Stream in so many deltas; else one for each token.")
    ] = None,
    delay_ms: Annotated[float, typer.Option(min=0, help="Before each delta.")] = 0.0,
    first_ms: Annotated[float, typer.Option(min=0, help="Before the first delta.")] = 0.0,
    then: Annotated[
        Then, typer.Option(help="What becomes of an answer whose client is gone.")
    ] = Then.FINISH,
    context_tokens: Annotated[int, typer.Option(min=1)] = 1_050_000,
    revoked: Annotated[
        list[str] | None, typer.Option(help="A key that is refused; may be repeated.")
    ] = None,
) -> None:
    """Serve the OpenAI emulator until SIGTERM or SIGINT; prints one line when it is ready."""
    with Archive(state) as archive:
        emulator = Emulator(
            answers=_answers(reply, bubbles),
            rhythm=Rhythm(first_ms / 1000, delay_ms / 1000, chunks),
            then=then,
            context_tokens=context_tokens,
            archive=archive,
            revoked_keys=set(revoked or ()),
        )
        uvloop.run(_run(emulator, host=host, port=port))


def _answers(reply: Path | None, bubbles: int | None) -> Answers:
    if reply is not None:
        try:
            return Repeating(read_replies(reply.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"cannot read the replies: {error}") from None
    if bubbles is not None:
        return Repeating([sample_reply(bubbles)])
    return OfflineModel()


async def _run(emulator: Emulator, *, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = LocalOnly(emulator.app(), {*LOOPBACK_NAMES, host})
    async with serve(app, host=host, port=port) as url:
        print(f"openai emulator ready on {url}/v1", flush=True)
        await stop.wait()


if __name__ == "__main__":
    typer.run(main)

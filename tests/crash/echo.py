"""A model that answers a turn with its own words, so that each bubble says where it belongs."""

import asyncio
import json
import signal
import sys
from binascii import crc32
from collections.abc import Sequence
from dataclasses import replace

from bot.core.texts import Text, say
from bot.playground.openai.draft import Call, Draft, Prompt, Rhythm
from bot.playground.openai.emulator import Emulator
from bot.playground.openai.items import Said
from bot.playground.openai.timing import Records
from bot.playground.serve import serve
from tests.crash.booking import wanted
from tests.labels import is_beside

BUBBLES = 3
LABELS = ("yes", "no")
CONFIRMED = say(Text.CONFIRM_YES, "en")  # a tap: it brings no question
RHYTHMS = {
    "quick": Rhythm(first_seconds=0.1, delta_seconds=0.01, chunks=30),
    "slow": Rhythm(first_seconds=0.1, delta_seconds=0.06, chunks=30),  # kills hit in mid-stream
}


def offers(key: str) -> bool:
    """Whether the answer to these words ends with short answers to tap."""
    return crc32(key.encode()) % 4 == 0


class Echo:
    """Answers the words `a`, `b` with the bubbles `a+b/1`, `a+b/2`, `a+b/3`, and keys to some."""

    def draft(self, prompt: Prompt) -> Draft:
        """Asked to go on, it says only what was not seen."""
        words, seen = _split(prompt.history)
        asked = [one for one in words if one != CONFIRMED]
        key = "+".join(asked or words)
        if asked and prompt.tools and not prompt.outputs and (calls := wanted(key)):
            return _call(calls, key)
        bubbles = [f"{key}/{number}" for number in range(1, BUBBLES + 1)]
        reply = {"messages": [bubble for bubble in bubbles if bubble not in seen]}
        if offers(key):
            reply |= {"buttons": list(LABELS)}
        return Draft(json.dumps(reply, separators=(",", ":")))


def _call(names: Sequence[str], key: str) -> Draft:
    drafts = [Draft(call=Call(name, json.dumps({"what": key}))) for name in names]
    draft = drafts[0]
    for following in drafts[1:]:
        draft = replace(following, before=draft)
    return draft


def _split(history: Sequence[Said]) -> tuple[list[str], set[str]]:
    """The client's last words, and what of their answer was seen already."""
    lines = list(history)
    seen: set[str] = set()
    if lines and lines[-1].role == "developer":
        lines.pop()
        while lines and lines[-1].role == "assistant":
            seen |= _bubbles(lines.pop().text)
    words: list[str] = []
    while lines and lines[-1].role == "user":
        text = lines.pop().text
        if not is_beside(text):
            words[:0] = _words(text)
    return words, seen


def _words(text: str) -> list[str]:
    """A message; of a long backlog, which is one text, each message without its date."""
    return [line for line in text.splitlines() if not line.startswith("⟦")]


def _bubbles(text: str) -> set[str]:
    """The bubbles of what the assistant said, which is told as it would write it."""
    try:
        return set(json.loads(text)["messages"])
    except ValueError:
        return {text}


async def main(rhythm: str) -> None:
    """Serve until SIGTERM; prints the address."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    emulator = Emulator(answers=Echo(), rhythm=RHYTHMS[rhythm], records=Records())
    async with serve(emulator.app()) as url:
        print(url, flush=True)
        await stop.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))

"""Call an assistant by typing: `python -m bot.playground.phone LLM_URL`.

What is spoken is printed, and so is what the AMI service is asked; start Sportello with AMI_URL at
its address.
"""

import asyncio
import sys
import threading
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from functools import partial

from bot.playground.phone.ami import EmulatedAMI
from bot.playground.phone.typed import TypedCall
from bot.playground.serve import serve

AMI_PORT = 6006


def main() -> int:
    """Call until one side hangs up; 2 if the AMI service's port cannot be used."""
    given = _parse()
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(_call(given))
    except OSError:
        print(f"cannot start: port {given.ami_port} cannot be used", file=sys.stderr)
        return 2
    return 0


def _parse() -> Namespace:
    parser = ArgumentParser(prog="python -m bot.playground.phone", description=__doc__)
    parser.add_argument("address", help="LLM_URL, as in http://127.0.0.1:8090/k/KEY/prompt-stream")
    parser.add_argument("--ami-port", type=int, default=AMI_PORT, help="0: any free one")
    return parser.parse_args()


async def _call(given: Namespace) -> None:
    call = TypedCall(given.address, partial(print, flush=True), typed=sys.stdin.isatty())
    ami = EmulatedAMI(told=call.ask_ami)
    async with serve(ami.app(), port=given.ami_port) as url:
        print(f"AMI_URL={url}", flush=True)
        # A daemon: when the call is over, nobody waits for one more line.
        lines = threading.Thread(target=_read, args=(asyncio.get_running_loop(), call), daemon=True)
        lines.start()
        await call.goes_on()


def _read(loop: asyncio.AbstractEventLoop, call: TypedCall) -> None:
    with suppress(RuntimeError):  # the call is over, and its loop closed
        for line in sys.stdin:
            loop.call_soon_threadsafe(call.put, line.rstrip("\n"))
        loop.call_soon_threadsafe(call.put, None)


if __name__ == "__main__":
    sys.exit(main())

"""Around something long: whoever waits for it reads now and then how far it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

TELL_SECONDS: Final = 5.0


@asynccontextmanager
async def meanwhile(
    tell: Callable[[float], object], *, seconds: float = TELL_SECONDS
) -> AsyncIterator[None]:
    """Call `tell` every so many seconds while the block lasts, with how many it has lasted."""
    telling = asyncio.create_task(_keep_telling(tell, seconds))
    try:
        yield
    finally:
        telling.cancel()


async def _keep_telling(tell: Callable[[float], object], seconds: float) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        await asyncio.sleep(seconds)
        tell(clock() - began)

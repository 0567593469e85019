"""The gateways put together: what answers which path, wherever the key stands."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from bot.gateways.asking import Dialogues
from bot.gateways.completions import Completions, in_openai
from bot.gateways.counter import Counter
from bot.gateways.files import Fetching, WayOut
from bot.gateways.openapi import paths
from bot.gateways.phone import PhoneDesk
from bot.gateways.refusals import in_detail, in_error, in_message, in_ok
from bot.gateways.threads import Threads
from bot.gateways.update import Updates
from bot.web.api import API
from bot.web.app import Besides
from bot.web.doorway import Doorway, Endpoint, Refusal
from db.entries import newest_seqs

KEYED = "/k/{program}"  # what a log has of an address with a key


def gateways(*, per_minute: int, model: str, way_out: WayOut) -> Besides:
    """All of them.

    `per_minute`: questions of each caller, bounded as at the servers that they stand for.
    `model`: the one that answers where a company names none. `way_out`: to files that are named.
    """

    def routes(api: API, doorway: Doorway) -> Sequence[BaseRoute]:
        counter = Counter(api, Fetching(api.uploads, way_out))
        threads, asking = Threads(counter, per_minute), Dialogues(counter, per_minute)
        updates, completions = Updates(counter, model), Completions(counter)

        async def is_well(_: Request) -> Response:
            await api.database.read(newest_seqs, ())
            return JSONResponse({"ok": True})

        def at(path: str, refusal: Refusal, **endpoints: Endpoint) -> Sequence[BaseRoute]:
            both = path, KEYED + path
            return [doorway.route(one, refusal=refusal, **endpoints) for one in both]

        return [
            *at("/health", in_ok, get=is_well),
            *at("/v1/threads/chat", in_error, post=threads.chat),
            *at("/v1/threads/chat/{assistant}", in_error, post=threads.chat),
            *at("/v1/threads/update", in_error, post=updates.update),
            *at("/v1/models", in_openai, get=completions.models),
            *at("/v1/models/{model}", in_openai, get=completions.model),
            *at("/v1/chat/completions", in_openai, post=completions.complete),
            *at("/", in_detail, get=asking.greet),
            *at("/api/", in_detail, get=asking.greet),
            *at("/ask", in_detail, post=asking.session),
            *at("/api/ask", in_detail, post=asking.session),
            *at("/api/chat", in_error, post=asking.user),
            *at("/prompt-stream", in_message, post=PhoneDesk(counter).prompt),
        ]

    return Besides(routes, paths())

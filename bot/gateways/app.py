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

        def at(refusal: Refusal, *paths: str, **endpoints: Endpoint) -> Sequence[BaseRoute]:
            keyed = [path for one in paths for path in (one, KEYED + one)]
            return [doorway.route(one, refusal=refusal, **endpoints) for one in keyed]

        return [
            *at(in_ok, "/health", get=is_well),
            *at(in_error, *_also_slashed("/v1/threads/chat"), post=threads.chat),
            *at(in_error, *_also_slashed("/v1/threads/chat/{assistant}"), post=threads.chat),
            *at(in_error, *_also_slashed("/v1/threads/update"), post=updates.update),
            *at(in_openai, "/v1/models", get=completions.models),
            *at(in_openai, "/v1/models/{model}", get=completions.model),
            *at(in_openai, "/v1/chat/completions", post=completions.complete),
            *at(in_detail, "/", "/api/", get=asking.greet),
            *at(in_detail, "/ask", "/api/ask", post=asking.session),
            *at(in_error, "/api/chat", post=asking.user),
            *at(in_message, *_also_slashed("/prompt-stream"), post=PhoneDesk(counter).prompt),
        ]

    return Besides(routes, paths())


def _also_slashed(path: str) -> tuple[str, str]:
    """Where such a server took both: a redirection is followed by no `curl` and no phone stack."""
    return path, f"{path}/"

"""Whether the models that a profile names exist, as far as their server tells."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from tenants.explain import Problem
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server says of a model: whether it has it (None: it does not say), and the nearest."""

    known: bool | None
    nearest: tuple[str, ...] = ()


class Catalogue(Protocol):
    """Who knows what models there are."""

    async def offers(self, models: Collection[str]) -> Mapping[str, Offer]:
        """What is known of each of these; raises nothing, and takes seconds at most."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to mend, and the models of which nothing is known."""

    problems: tuple[Problem, ...]
    unsure: tuple[str, ...]


async def judge_models(catalogue: Catalogue, before: Profile | None, after: Profile) -> Judged:
    """The models that a change brings; what a profile named before is not asked about again."""
    named = set(before.models().values()) if before else set()
    fresh = {place: model for place, model in after.models().items() if model not in named}
    offers = await catalogue.offers(set(fresh.values())) if fresh else {}
    problems = tuple(
        Problem("no_model", place, {"names": ", ".join(offers[model].nearest)})
        for place, model in fresh.items()
        if offers[model].known is False
    )
    unsure = sorted(model for model, offer in offers.items() if offer.known is None)
    return Judged(problems, tuple(unsure))

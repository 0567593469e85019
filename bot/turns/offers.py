"""Whether the models that a profile names exist, as far as their server tells."""

from dataclasses import dataclass

from bot.ports import Catalogue
from tenants.explain import Problem
from tenants.profile import Profile


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

"""Which models a change brings, and what their server says of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.turns.offers import Judged, Offer, judge_models
from tenants.explain import Problem
from tenants.profile import Profile


@dataclass(slots=True)
class FakeCatalogue:
    """bot.turns.offers.Catalogue."""

    known: Mapping[str, Offer]
    asked: list[Collection[str]] = field(default_factory=list)

    async def offers(self, models: Collection[str]) -> Mapping[str, Offer]:
        self.asked.append(models)
        return {model: self.known[model] for model in models}


def naming(**models: str) -> Profile:
    return Profile().model_copy(update=models)


async def test_a_model_that_there_is_needs_no_word() -> None:
    catalogue = FakeCatalogue({"gpt-6": Offer(known=True)})
    assert await judge_models(catalogue, None, naming(model="gpt-6")) == Judged((), ())


async def test_one_that_there_is_not_is_a_problem_where_it_stands_with_the_nearest() -> None:
    catalogue = FakeCatalogue({"gtp-6": Offer(known=False, nearest=("gpt-6", "gpt-6-mini"))})
    judged = await judge_models(catalogue, naming(model="gpt-5"), naming(model="gtp-6"))
    problem = Problem("no_model", ("model",), {"names": "gpt-6, gpt-6-mini"})
    assert judged == Judged((problem,), ())


async def test_one_of_which_the_server_says_nothing_is_only_told() -> None:
    catalogue = FakeCatalogue({"mine": Offer(known=None)})
    assert await judge_models(catalogue, None, naming(model="mine")) == Judged((), ("mine",))


async def test_what_was_named_before_is_not_asked_about_again() -> None:
    catalogue = FakeCatalogue({})
    judged = await judge_models(catalogue, naming(model="old"), naming(model="old"))
    assert (judged, catalogue.asked) == (Judged((), ()), [])

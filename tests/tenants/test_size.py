import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.profile import Profile, Source
from tenants.size import estimate_tokens, price_of, size_of

# As o200k_base counts them.
COUNTED = {
    "Le petit-déjeuner est servi tous les jours de 7h à 10h30 dans la salle à manger. Le parking"
    " souterrain coûte 18 euros par nuit et la réservation n'est pas nécessaire. Les animaux sont"
    " acceptés moyennant un supplément, sauf dans l'espace bien-être.": 60,
    "Das Frühstück wird täglich von 7:00 bis 10:30 Uhr im Speisesaal serviert. Die Tiefgarage"
    " kostet 18 Euro pro Nacht; eine Reservierung ist nicht erforderlich. Haustiere sind gegen"
    " Aufpreis willkommen, ausgenommen im Wellnessbereich. ": 54,
    "Сніданок подають щодня з 7:00 до 10:30 у їдальні. Підземна стоянка коштує 18 євро за ніч,"
    " бронювання не потрібне. Домашні тварини приймаються за додаткову плату, крім спа-зони.": 71,
    "早餐每天早上七点到十点半在餐厅供应。地下停车场每晚十八欧元,无需预订。"
    "宠物需额外付费,但不得进入水疗区。": 43,
}


@pytest.mark.parametrize("text", COUNTED)
def test_the_estimate_is_near_what_a_tokenizer_counts(text: str) -> None:
    assert estimate_tokens(text) == pytest.approx(COUNTED[text], rel=0.15)


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(one: str, other: str) -> None:
    assert 0 <= estimate_tokens(one) <= estimate_tokens(f"{one} {other}")


def test_a_thousand_turns_cost_a_tenth_once_the_cache_is_warm() -> None:
    price = price_of(100_000, "gpt-6-luna")

    assert price is not None
    assert price.uncached == pytest.approx(10.0)
    assert price.cached == pytest.approx(1.0 + 0.01 * (1.25 - 0.10))


def test_what_is_too_short_for_the_cache_costs_the_same_with_it() -> None:
    price = price_of(1_000, "gpt-6-sol")
    assert price
    assert (price.uncached, price.cached) == (2.0, 2.0)


def test_the_round_figure_holds_a_usual_message_and_its_answer() -> None:
    price = price_of(1_000, "gpt-6-luna")  # 1 $, and 0.50 $ and 0.75 $ on top, for 10,000
    assert price
    assert 1.8 < price.euros < 2.2


def test_a_snapshot_costs_what_its_model_does() -> None:
    assert price_of(5_000, "gpt-6-luna-2026-09-22") == price_of(5_000, "gpt-6-luna")


@pytest.mark.parametrize("model", ["", "gpt-6-luna-mini", "llama"])
def test_nobody_guesses_the_price_of_an_unknown_model(model: str) -> None:
    assert price_of(5_000, model) is None


def test_a_profiles_size_counts_what_was_pasted_and_each_source() -> None:
    profile = Profile(knowledge="Check-in 14:00", sources=(Source(name="bar", text="Caffè 2 €"),))
    size = size_of(profile, host_model="gpt-6-luna")

    assert size.characters == len("Check-in 14:00") + len("Caffè 2 €")
    assert size.tokens == estimate_tokens("Check-in 14:00") + estimate_tokens("Caffè 2 €")
    assert size.prompt_tokens > size.tokens
    assert size.price == price_of(size.prompt_tokens, "gpt-6-luna")


def test_the_companys_own_model_is_the_one_that_costs() -> None:
    profile = Profile(model="gpt-6-sol")

    assert size_of(profile, host_model="?").price is not None
    assert size_of(Profile(model="?"), host_model="gpt-6-luna").price is None

"""Which questions ask the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.likeness import LONGEST, group_alike

ALIKE = [
    ("Avete una sauna?", "C'è la sauna in hotel?"),
    ("una sauna", "La sauna, quanto costa?"),
    ("Sauna", "Avete la sauna?"),
    ("Posso portare il cane?", "I cani sono ammessi?"),
    ("Accettate l'American Express?", "Si può pagare con American Express?"),
    ("Is there a gym?", "Do you have a gym?"),
    ("Sauna?", "Do you have a sauna?"),
    ("Can I bring my dog?", "Are dogs allowed?"),
    ("How much is the airport transfer?", "Airport transfers, please"),
    ("Есть ли у вас сауна?", "А сауны нет?"),
    ("Можно с собакой?", "Вы принимаете с собаками?"),
    ("Сколько стоит трансфер из аэропорта?", "Трансфер до аэропорта"),
    ("Ещё есть ёлка?", "Еще есть елка?"),
    ("?", "?"),
]
DIFFERENT = [
    ("Avete una sauna?", "Avete una piscina?"),
    ("Orari della piscina", "Orari della colazione"),
    ("Quanto costa il parcheggio?", "Quanto costa la colazione?"),
    ("Posso portare il cane?", "Posso portare la bici?"),
    ("Is there a gym?", "Is there a pool?"),
    ("Do you have vegan food?", "Do you have a shuttle?"),
    ("How much is parking?", "How much is breakfast?"),
    ("Есть ли сауна?", "Есть ли бассейн?"),
    ("Можно с собакой?", "Можно курить?"),
    ("Сколько стоит парковка?", "Сколько стоит завтрак?"),
    ("👍", "🙏"),
    ("", "Ciao"),
]
WORDS = ["sauna", "saune", "cane", "camera", "dogs", "gym", "сауна", "собаки", "la", "?", "10"]
questions = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), max_size=12)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_they_ask_the_same(one: str, other: str) -> None:
    assert group_alike([one, other]) == [(0, 1)]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_they_ask_for_different_things(one: str, other: str) -> None:
    assert group_alike([one, other]) == [(0,), (1,)]


@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_question_is_in_exactly_one_group(asked: list[str]) -> None:
    groups = group_alike(asked)
    assert sorted(number for numbers in groups for number in numbers) == [*range(len(asked))]
    assert all(numbers == tuple(sorted(numbers)) for numbers in groups)


@given(questions, st.randoms(use_true_random=False))
def test_the_order_changes_nothing_and_equal_ones_are_together(
    asked: list[str], order: random.Random
) -> None:
    def as_words(one: list[str]) -> list[list[str]]:
        return sorted(sorted(one[number] for number in numbers) for numbers in group_alike(one))

    mixed = [*asked]
    order.shuffle(mixed)
    assert as_words(mixed) == as_words(asked)
    for text in asked:
        assert sum(text in words for words in as_words(asked)) == 1


def test_only_the_beginning_of_a_long_one_counts() -> None:
    sauna = "sauna ".ljust(LONGEST)
    assert group_alike([sauna, f"{sauna} piscina palestra parcheggio"]) == [(0, 1)]

"""What the offline model takes for the question."""

from bot.playground.openai.items import Said
from bot.playground.openai.offline.listening import listen


def test_labels_are_no_part_of_the_question() -> None:
    labels = "⟦from: Giulia Ferri⟧\n⟦in reply to you⟧\n⟦quoted: Colazione [dalle 7].⟧\n"
    history = [Said("user", f"{labels}Quanto costa [a notte] il parcheggio?")]
    assert listen(history).question == "Quanto costa [a notte] il parcheggio?"


def test_everything_before_a_colon_is() -> None:
    history = [Said("user", "Una domanda: quanto costa?")]
    assert listen(history).question == "Una domanda: quanto costa?"


def test_messages_since_the_last_answer_are_one_question() -> None:
    history = [Said("user", "a"), Said("assistant", "b"), Said("user", "c"), Said("user", "d")]
    assert listen(history).question == "c\nd"

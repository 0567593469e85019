"""The last message id that is known in each sequence."""

from bot.telegram.ids import Ids, sequence_of
from tests.addresses import chat_at

BOT = 7
ANNA, BRUNO, SUPERGROUP = chat_at(BOT, 1), chat_at(BOT, 2), chat_at(BOT, -1_000_000_000_500)


def test_private_chats_share_the_bots_sequence() -> None:
    ids = Ids()
    ids.saw(ANNA, "12")
    ids.saw(BRUNO, "11")
    ids.saw(SUPERGROUP, "40")
    assert (ids.last(ANNA), ids.last(BRUNO), ids.last(SUPERGROUP)) == (12, 12, 40)


def test_those_of_a_bot_that_left_are_begun_anew_from_the_tables() -> None:
    ids, other = Ids(), chat_at(BOT + 1, 1)
    ids.saw(ANNA, "12")
    ids.saw(other, "5")
    ids.forget(BOT)
    assert (ids.last(ANNA), ids.last(other)) == (None, 5)
    ids.begin({sequence_of(ANNA): 13})
    assert ids.last(BRUNO) == 13

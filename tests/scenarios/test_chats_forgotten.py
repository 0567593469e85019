"""/chats: what people of a company were shown goes with what a client had forgotten."""

from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from bot.turns.attention import LOOK_SECONDS
from db.outdated import Rewritten
from db.quotes import KeepCopy
from tests.scenarios.admins import each_language
from tests.scenarios.cards import has_heard, sees
from tests.scenarios.people import Json, Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_chats import asks, lists, opens, operator


async def shown_a_photo(stage: Stage) -> tuple[Person, Person, Json]:
    """A client's photo, sent again to somebody of the company: both, and the copy."""
    ada = await operator(stage)
    anna = stage.person("Anna")
    stage.will_say("Bella.")
    anna.sends("photo", caption="Vi piace?")
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    label = say(Chats.MEDIA_PHOTO, "it")
    ada.presses(next(one for one in ada.buttons() if one.startswith(label)))
    (shown,) = await ada.receives(1)
    await stage.until(lambda: any(isinstance(one, KeepCopy) for one in stage.committed))
    return ada, anna, shown


async def test_what_was_shown_again_goes_with_what_the_client_had_forgotten(
    closed: Stage,
) -> None:
    ada, anna, shown = await shown_a_photo(closed)
    assert await closed.count("SELECT max(message_id) FROM outbox") == shown["message_id"]
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    messages = closed.telegram.clients.messages
    await closed.until(
        lambda: not [one for one in messages(ada.chat_id, bot_id=ada.bot) if "photo" in one]
    )


async def test_what_was_shown_again_goes_by_itself_and_quotes_nobody_then(closed: Stage) -> None:
    ada, _, _ = await shown_a_photo(closed)
    await closed.closes()
    await closed.runs("UPDATE quotes SET rewrite_at = 1 WHERE rewrite_at IS NOT NULL")
    await closed.opens()
    await closed.until(lambda: any(isinstance(one, Rewritten) for one in closed.committed))
    assert ada.calls("deleteMessage") == 1
    kept = "SELECT count(*) FROM outbox WHERE position = -2"
    assert await closed.count(kept) - await closed.count(f"{kept} AND text = ''") == 0


@each_language
async def test_a_client_is_told_what_can_no_longer_be_changed(closed: Stage, language: str) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna", language)
    await asks(anna, "Ho un segreto", "Capisco.")
    for _ in range(2):
        await lists(ada)
    ada.blocks()
    await closed.settles()
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, language))
    told = (say(Text.FORGOTTEN, language), say(Text.FORGOTTEN_BUT, language, count=2))
    await anna.hears("\n\n".join(told))


async def test_a_client_is_told_of_a_copy_of_which_nothing_was_heard(closed: Stage) -> None:
    """The process died, or the connection did, between the copy and its id."""
    ada = await operator(closed)
    anna = closed.person("Anna")
    closed.will_say("Bella.")
    anna.sends("photo", caption="Vi piace?")
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    closed.telegram_fails("lose_after", method="copyMessage")
    label = say(Chats.MEDIA_PHOTO, "it")
    ada.presses(next(one for one in ada.buttons() if one.startswith(label)))
    await ada.receives(1)
    await closed.settles()
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    told = (say(Text.FORGOTTEN, "it"), say(Text.FORGOTTEN_BUT, "it", count=1))
    await anna.hears("\n\n".join(told))


async def test_what_a_client_had_forgotten_is_gone(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ho un segreto", "Capisco.")
    await lists(ada)
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
    await sees(ada, say(Chats.GONE, "it"))
    assert not any("segreto" in text for text in ada.said())


async def test_what_is_forgotten_while_it_is_shown_does_not_stand_there_afterwards(
    closed: Stage,
) -> None:
    """The words are read, the client has them forgotten and they are taken out, then they come."""
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ho un segreto", "Capisco.")
    await lists(ada)
    closed.telegram_fails("hold_before", method="answerCallbackQuery")
    ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
    await closed.until(lambda: closed.telegram.faults.held == 1)
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    edits = ada.calls("editMessageText")
    closed.clock.skips(LOOK_SECONDS)
    await closed.until(lambda: ada.calls("editMessageText") > edits)
    closed.telegram.faults.release()
    await closed.settles()
    assert not any("segreto" in text for text in ada.said())

"""Commands and buttons: each handled once, answered in the client's language."""

import pytest
from sqlalchemy import text as sql

from bot.core.texts import Text, say
from bot.front.commands import Place, what_is_kept
from db.operations import Handle
from tests.scenarios.people import BOT, Person
from tests.scenarios.stage import AI_NOTICE, HOTEL, Stage

YES, NO = say(Text.FORGET_YES, "it"), say(Text.FORGET_NO, "it")
SECRET = "zafferano"
PRIVACY = what_is_kept(HOTEL, "it", host_days=365)


async def met(stage: Stage, name: str = "Anna") -> Person:
    """Someone who was answered once."""
    person = stage.person(name)
    stage.will_say("Salve.")
    person.writes(f"Buongiorno, {SECRET}")
    await person.hears(AI_NOTICE, "Salve.")
    return person


# ------------------------------------------------------------------------- /new


async def test_new_starts_a_fresh_conversation(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/new")
    await anna.hears(say(Text.NEW, "it"))
    stage.will_say("Certo.")
    anna.writes("Avete un'altra camera?")
    await anna.hears("Certo.")
    before, after = (body["conversation"] for body in stage.asked())
    assert before != after


async def test_what_waited_at_new_is_answered_on_the_old_thread_and_the_rest_on_the_new(
    closed: Stage,
) -> None:
    # However busy the machine is, no turn begins meanwhile.
    await closed.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    stage, anna = closed, await met(closed)
    stage.will_say("Prima risposta.")
    stage.will_say("Seconda risposta.")
    anna.writes("prima")
    anna.writes("/new")
    anna.writes("dopo")
    await anna.hears(say(Text.NEW, "it"), "Prima risposta.", "Seconda risposta.")
    first, old, new = (body["conversation"] for body in stage.asked())
    assert (old, new != old) == (first, True)
    assert stage.inputs()[1:] == [["prima"], ["dopo"]]


# ------------------------------------------------------------------------ /help


async def test_what_its_handler_wrote_down_as_done_is_not_asked_for_again(stage: Stage) -> None:
    anna = await met(stage)
    await stage.settles()
    stage.committed.clear()
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))
    await stage.settles()
    assert sum(isinstance(one, Handle) for one in stage.committed) == 1


@pytest.mark.parametrize(
    ("command", "text"),
    [("help", say(Text.HELP, "it")), ("privacy", what_is_kept(HOTEL, "it", host_days=365))],
)
async def test_a_command_is_answered(stage: Stage, command: str, text: str) -> None:
    anna = stage.person("Anna")
    anna.writes(f"/{command}")
    await anna.hears(text)


async def test_privacy_names_the_company_and_how_to_reach_a_person(stage: Stage) -> None:
    anna = stage.person("Anna")
    for contact, told in (("+39 045 000 0142", "una persona: +39 045 000 0142"), ("", "Aurora.")):
        await stage.publishes(contact=contact)
        anna.writes("/privacy")
        (said,) = await anna.receives(1)
        first = said["text"].partition("\n")[0]
        assert first.startswith("Il responsabile di questa chat è Hotel Aurora")
        assert first.endswith(told)


@pytest.mark.parametrize("days", [90, 1, 0])
async def test_privacy_says_how_long_the_company_keeps_words(stage: Stage, days: int) -> None:
    await stage.publishes(retention_days=days)
    anna = stage.person("Anna")
    anna.writes("/privacy")
    await anna.hears(what_is_kept(HOTEL, "it", host_days=days))
    assert ("Non c'è una scadenza" in what_is_kept(HOTEL, "it", host_days=days)) is (days == 0)


async def test_privacy_is_told_where_the_private_assistant_is_gone(stage: Stage) -> None:
    anna = await met(stage)
    await stage.settles()
    gone = sql("UPDATE threads SET assistant = 'vip'")
    await stage.database.write(lambda connection: connection.execute(gone).rowcount)
    anna.writes("/privacy")
    await anna.hears(what_is_kept(HOTEL, "it", host_days=365))


async def test_privacy_says_that_the_offline_model_passes_nothing_on(closed: Stage) -> None:
    await closed.opens(offline_model=True)
    anna = closed.person("Anna")
    anna.writes("/privacy")
    await anna.hears(what_is_kept(HOTEL, "it", host_days=365, place=Place.HERE))


@pytest.mark.parametrize(
    ("offline", "openai", "named"),
    [(False, True, True), (False, False, False), (True, True, False), (True, False, False)],
)
def test_privacy_names_openai_only_where_it_is_asked(
    offline: bool, openai: bool, named: bool
) -> None:
    place = Place.of(offline=offline, openai=openai)
    said = what_is_kept(HOTEL, "it", host_days=365, place=place)
    assert ("OpenAI" in said) is named
    assert said.startswith(f"Il responsabile di questa chat è {HOTEL.company_name}.")


async def test_an_unknown_command_is_answered_politely(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/prenota 2 notti")
    await anna.hears(say(Text.UNKNOWN_COMMAND, "it"))


async def test_a_command_is_not_held_up_by_a_running_turn(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Eccomi.", first_ms=1000)
    anna.writes("Ci siete?")
    await stage.until(lambda: len(stage.asked()) == 2)
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))
    await anna.hears("Eccomi.")


async def test_the_commands_of_a_chat_are_answered_in_their_order(stage: Stage) -> None:
    anna = stage.person("Anna")
    for command in ("/help", "/privacy", "/help"):
        anna.writes(command)
    await anna.hears(
        say(Text.HELP, "it"), what_is_kept(HOTEL, "it", host_days=365), say(Text.HELP, "it")
    )


@pytest.mark.parametrize("name", ["aurora_bot", "Aurora_Bot"])
async def test_a_command_in_a_group_may_name_the_bot(stage: Stage, name: str) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    anna.writes(f"/help@{name}", to=group)
    await group.hears(say(Text.HELP, "it"))


async def test_a_command_for_another_bot_is_left_to_it(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    anna.writes("/help@other_bot", to=group)
    await group.hears()


# ---------------------------------------------------------------------- /forget


async def test_forget_asks_first(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    assert anna.buttons() == [YES, NO]


async def test_forget_taken_back_erases_nothing(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(NO)
    await anna.hears(say(Text.FORGET_CANCELLED, "it"))
    assert any(SECRET in text for text in await stage.everything_stored())


async def test_forget_leaves_no_word_in_any_table(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(YES)
    await anna.hears(say(Text.FORGOTTEN, "it"))
    await stage.settles()
    assert [text for text in await stage.everything_stored() if SECRET in text] == []


async def test_forget_erases_at_openai_the_items_and_then_the_conversation(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(YES)
    await anna.hears(say(Text.FORGOTTEN, "it"))
    await stage.until(lambda: not stage.openai.state.conversations)
    assert stage.openai.state.items == {}
    deleted = [r.path for r in stage.openai.records.requests if r.method == "DELETE"]
    of_items = ["/items/" in path for path in deleted]
    assert of_items == [True] * (len(deleted) - 1) + [False]


async def test_after_forget_the_next_message_is_a_first_contact(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(YES)
    await anna.hears(say(Text.FORGOTTEN, "it"))
    stage.will_say("Buongiorno!")
    anna.writes("Sono di nuovo qui")
    await anna.hears(AI_NOTICE, "Buongiorno!")
    before, after = (body["conversation"] for body in stage.asked())
    assert before != after
    assert stage.remembered() == [("user", "Sono di nuovo qui"), ("assistant", "Buongiorno!")]


async def test_what_comes_after_forget_is_not_forgotten(closed: Stage) -> None:
    # However busy the machine is, no turn begins meanwhile.
    await closed.opens(turn_quiet_seconds=60, turn_max_wait_seconds=60)
    stage, anna = closed, await met(closed)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    stage.will_say("Buongiorno!")
    anna.writes(f"Ancora {SECRET}")
    anna.presses(YES)
    anna.writes("Sono di nuovo qui")
    await anna.hears(say(Text.FORGOTTEN, "it"), AI_NOTICE, "Buongiorno!")
    assert stage.inputs()[1:] == [["Sono di nuovo qui"]]


async def test_forget_during_an_answer_ends_it(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    stage.will_say("Troppo tardi.", first_ms=1500)
    anna.writes("Avete posto?")
    await stage.until(lambda: len(stage.asked()) == 2)
    anna.presses(YES)
    await anna.hears(say(Text.FORGOTTEN, "it"))


# ----------------------------------------------------------------------- buttons


async def test_a_button_pressed_twice_is_handled_once(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(YES)
    anna.presses(YES)
    await anna.hears(say(Text.FORGOTTEN, "it"))
    await stage.until(lambda: stage.answered_presses() == 2)


async def test_of_two_buttons_the_first_press_counts(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(NO)
    anna.presses(YES)
    await anna.hears(say(Text.FORGET_CANCELLED, "it"))
    await stage.settles()
    assert any(SECRET in text for text in await stage.everything_stored())


async def test_the_buttons_go_once_one_is_pressed(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(NO)
    await anna.hears(say(Text.FORGET_CANCELLED, "it"))
    await stage.until(lambda: anna.buttons() == [])


async def test_a_button_that_means_nothing_any_more_says_so(stage: Stage) -> None:
    anna = await met(stage)
    anna.finds_button("Prenota", data="book:1")
    anna.presses("Prenota")
    await stage.until(lambda: stage.answered_presses() == 1)
    (answer,) = stage.telegram.calls.of("answerCallbackQuery")
    assert answer.params["text"] == say(Text.BUTTON_EXPIRED, "it")


async def test_the_menu_of_commands_is_set_in_each_language(stage: Stage) -> None:
    commands = stage.telegram.world.bots[BOT].commands

    def languages() -> set[str]:
        return {language for scope in commands.values() for language in scope}

    await stage.until(lambda: languages() == {"", "it", "en", "ru"})
    assert len(stage.telegram.calls.of("setMyCommands")) == 4

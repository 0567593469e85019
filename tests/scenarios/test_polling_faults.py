"""What may happen to polls: nothing that a client wrote is lost, and nothing is heard twice."""

import pytest

from bot.core.texts import Text, say
from bot.errors import ConfigError
from tests.scenarios.encounters import host_of, met
from tests.scenarios.people import BOT
from tests.scenarios.stage import TOKEN, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")


async def test_another_poller_is_waited_out(stage: Stage) -> None:
    anna = await met(stage)
    stage.telegram_fails("409", method="getUpdates", count=2)
    stage.warns("another process polls this bot", "polling again")
    stage.will_say("Uno.")
    anna.writes("Dica")
    await anna.hears("Uno.")
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


@pytest.mark.parametrize("fault", ["500", "429", "lose", "garble"])
async def test_a_poll_that_fails_is_made_again(stage: Stage, fault: str) -> None:
    anna = await met(stage)
    stage.telegram_fails(fault, method="getUpdates", count=2)
    stage.warns("Telegram cannot be polled", "polling again")
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


async def test_a_webhook_left_behind_is_removed(stage: Stage) -> None:
    anna = await met(stage)
    await stage.telegram.ask(TOKEN, "setWebhook", url="https://old.example/hook")
    stage.warns("another process polls this bot", "polling again")
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


async def test_a_revoked_token_ends_the_program_in_one_readable_line(stage: Stage) -> None:
    stage.telegram_fails("401", method="getUpdates")
    stage.person("Anna").writes("/help")
    with pytest.raises(ConfigError, match="no longer accepts TELEGRAM_BOT_TOKEN"):
        await stage.ended()


PRIVATE = {"id": 5, "type": "private", "first_name": "Nessuno"}
NOBODY = {"id": 5, "is_bot": False, "first_name": "Nessuno"}


@pytest.mark.parametrize(
    "malformed",
    [
        {"message": "ciao"},
        {"message": {}},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "chat": 5, "text": "ciao"}},
        {"message": {"message_id": 1, "chat": {"id": "x"}, "text": "ciao"}},
        {"message": {"message_id": 1, "date": "x", "chat": PRIVATE, "from": NOBODY}},
        {"message": {"message_id": 1, "date": 1, "chat": PRIVATE, "from": NOBODY, "story": 5}},
        {"callback_query": {"id": 1}},
        {"my_chat_member": {"chat": PRIVATE}},
        {"edited_message": 5},
    ],
    ids=str,
)
async def test_a_malformed_update_harms_no_other(
    stage: Stage, malformed: dict[str, object]
) -> None:
    bruno = await met(stage, "Bruno")
    stage.injects(**malformed)
    bruno.writes("/help")
    await bruno.hears(say(Text.HELP, "it"))
    await stage.settles()
    assert await stage.rows("SELECT state FROM updates ORDER BY id") == [
        ("done",),
        ("failed",),
        ("done",),
    ]
    stage.warns("update failed", "update unreadable")
    assert len(stage.telegram.calls.of("getUpdates")) < 10


async def test_the_host_is_told_of_malformed_updates_once(closed: Stage) -> None:
    host = await host_of(closed, "it")
    closed.injects(message="ciao")
    closed.injects(message="ciao")
    closed.warns("update failed", "update unreadable")
    await host.hears(say(Text.HOST_UPDATE_UNREADABLE, "it"))


async def test_a_store_that_fails_confirms_nothing(stage: Stage) -> None:
    anna = await met(stage)
    await stage.runs("ALTER TABLE updates RENAME TO elsewhere")
    anna.writes("/help")
    await stage.until(lambda: stage.warned("updates not stored"))
    assert stage.telegram.world.updates[BOT].pending == 1
    await stage.runs("ALTER TABLE elsewhere RENAME TO updates")
    stage.warns("updates not stored", "polling again")
    # /start was answered, and its end may not be seen to yet; other loops may look meanwhile.
    stage.may_warn("event failed", "pruning failed", "sweep failed", "housekeeping failed")
    await anna.hears(say(Text.HELP, "it"))


async def test_a_malformed_event_of_a_client_is_answered_politely(stage: Stage) -> None:
    anna = await met(stage)
    anna.shares(story=5)
    stage.warns("update failed", "update unreadable")
    await anna.hears(say(Text.FAILURE, "it"))


async def test_an_update_of_no_known_kind_is_done(stage: Stage) -> None:
    stage.injects()
    await stage.settles()
    assert await stage.rows("SELECT state FROM updates") == [("done",)]


async def test_a_message_that_cannot_be_read_is_kept_and_its_turn_is_marked(stage: Stage) -> None:
    anna = await met(stage)
    stage.injects(message={"chat": {"id": anna.chat_id, "type": "private"}, "text": "ciao"})
    stage.warns("message unreadable")
    await stage.settles()
    assert await stage.rows("SELECT state, cause FROM turns") == [
        ("failed", "no message could be read")
    ]


async def test_a_handler_that_fails_apologises_and_the_update_is_kept(stage: Stage) -> None:
    anna = stage.person("Anna")
    await stage.breaks_profile()
    stage.warns("update failed", "update unreadable")
    stage.may_warn("task failed")  # what a bot shows is read beside all else, when it starts
    anna.writes("/start")
    await anna.hears(say(Text.FAILURE, "it"))
    await stage.settles()
    assert await stage.rows("SELECT state, cause FROM updates") == [("failed", "ValidationError")]

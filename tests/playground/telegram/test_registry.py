"""What @BotFather does, and what a manager bot may."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person
from bot.playground.telegram.registry import MOST_PER_OWNER
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description


async def get_me(emulator: TelegramEmulator, token: str) -> Any:
    return await emulator.ask(token, "getMe")


async def test_a_new_bot_answers_to_its_token(emulator: TelegramEmulator, anna: Person) -> None:
    bot = emulator.registry.create("Trattoria", "trattoria_bot", owner=anna.id)

    me = (await get_me(emulator, bot.token))["result"]

    assert (me["username"], me["first_name"], me["can_manage_bots"]) == (
        "trattoria_bot",
        "Trattoria",
        False,
    )
    assert bot.token.startswith(f"{bot.id}:AA")
    assert len(bot.token.partition(":")[2]) == 35


@pytest.mark.parametrize(
    ("name", "username", "sentence"),
    [
        (" ", "aurora_bot", "1 to 64"),
        ("x" * 65, "aurora_bot", "1 to 64"),
        ("Aurora", "aurora", "must end in bot"),
        ("Aurora", "bot", "5 to 32"),
        ("Aurora", "1_aurora_bot", "5 to 32"),
        ("Aurora", "città_bot", "5 to 32"),
        ("Aurora", "Sportello_Bot", "already taken"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    emulator: TelegramEmulator, name: str, username: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        emulator.registry.create(name, username)


def test_a_person_has_so_many_bots(emulator: TelegramEmulator, anna: Person) -> None:
    for number in range(MOST_PER_OWNER):
        emulator.registry.create("Aurora", f"aurora{number}_bot", owner=anna.id)
    with pytest.raises(ValueError, match="20 bots at most"):
        emulator.registry.create("Aurora", "one_more_bot", owner=anna.id)


async def test_a_revoked_token_opens_nothing(emulator: TelegramEmulator) -> None:
    bot = emulator.registry.create("Aurora", "aurora_bot")
    old, new = bot.token, emulator.registry.revoke(bot.id)

    assert (await get_me(emulator, old))["error_code"] == 401
    assert (await get_me(emulator, new))["result"]["id"] == bot.id


async def test_a_deleted_bot_is_gone_and_its_chats_with_it(
    emulator: TelegramEmulator, anna: Person
) -> None:
    group = emulator.accounts.add_group("Gita", members=[anna.id, BOT_ID])
    emulator.registry.delete(BOT_ID)

    assert (await get_me(emulator, TOKEN))["error_code"] == 401
    state = emulator.describe()
    assert state["bots"] == []
    assert [chat["id"] for chat in state["chats"]] == [group.id]
    assert emulator.registry.create("Aurora", "sportello_bot").id != BOT_ID


async def test_each_bot_numbers_its_own_messages(emulator: TelegramEmulator, anna: Person) -> None:
    other = emulator.registry.create("Trattoria", "trattoria_bot")
    bruno = emulator.accounts.add_person("Bruno")

    ids = [
        emulator.clients.write(person.id, "ciao", bot_id=bot_id)["message_id"]
        for person, bot_id in ((anna, BOT_ID), (anna, other.id), (bruno, other.id))
    ]

    assert ids == [2, 1, 2]


async def test_the_bots_are_known_after_a_restart(tmp_path: Path) -> None:
    before = TelegramEmulator(state=tmp_path / "telegram.db")
    anna = before.accounts.add_person("Anna")
    kept = before.registry.create("A", "a_desk_bot", owner=anna.id, can_manage_bots=True)
    gone = before.registry.create("B", "b_desk_bot")
    before.clients.write(anna.id, "ciao", bot_id=gone.id)
    before.registry.delete(gone.id)
    token = before.registry.revoke(kept.id)
    described = before.describe()
    before.close()

    after = TelegramEmulator(state=tmp_path / "telegram.db")

    assert after.describe() | {"seq": 0} == described | {"seq": 0}
    assert (await get_me(after, token))["result"]["can_manage_bots"] is True
    assert after.registry.create("C", "c_desk_bot").id == gone.id + 1
    after.close()


async def test_the_controls_make_and_change_bots(http: Http, anna: Person) -> None:
    made = await http.send(
        "/control/bots", {"name": "Aurora", "username": "aurora_bot", "owner": anna.id}
    )
    path = f"/control/bots/{made['id']}"
    await http.send(path, {"can_manage_bots": True}, method="PATCH")
    revoked = await http.send(f"{path}/revoke")

    assert revoked["token"] != made["token"]
    bots = {bot["id"]: bot for bot in (await http.get("/client/state"))["bots"]}
    assert (bots[made["id"]]["owner"], bots[made["id"]]["can_manage_bots"]) == (anna.id, True)
    assert "token" not in bots[made["id"]]

    await http.send(path, method="DELETE")
    assert [bot["id"] for bot in (await http.get("/client/state"))["bots"]] == [BOT_ID]


# ------------------------------------------------------------------ managed bots

KEY = {"text": "Crea", "request_managed_bot": {"request_id": 7, "suggested_name": "Trattoria"}}
KEYBOARD = {"keyboard": [[KEY]], "one_time_keyboard": True}


async def ask_for_a_bot(http: Http, person: Person) -> None:
    await http.call("sendMessage", chat_id=person.id, text="Premi", reply_markup=KEYBOARD)


async def press(http: Http, person: Person, *, request_id: int = 7) -> Any:
    body = {
        "bot": BOT_ID,
        "request_id": request_id,
        "name": "Trattoria",
        "username": "trattoria_bot",
    }
    return await http.send(f"/client/chats/{person.id}/managed-bots", body)


async def test_a_person_makes_a_managed_bot(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.registry.let_manage(BOT_ID)
    await ask_for_a_bot(http, anna)

    service = await press(http, anna)

    told, written = await http.call("getUpdates")
    made = told["managed_bot"]["bot"]
    assert told["managed_bot"]["user"]["id"] == anna.id
    assert written["message"] == service
    assert service["managed_bot_created"] == {"bot": made}
    assert made["username"] == "trattoria_bot"
    token = await http.call("getManagedBotToken", user_id=made["id"])
    assert (await get_me(emulator, token))["result"]["first_name"] == "Trattoria"
    assert emulator.registry.owned_by(anna.id)[0].id == made["id"]


async def test_a_managed_bots_token_is_replaced(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    managed = emulator.registry.create("T", "t_desk_bot", owner=anna.id, manager=BOT_ID)
    old = managed.token

    new = await http.call("replaceManagedBotToken", user_id=managed.id)

    assert (await get_me(emulator, old))["error_code"] == 401
    assert new == await http.call("getManagedBotToken", user_id=managed.id) != old


@pytest.mark.parametrize("method", ["getManagedBotToken", "replaceManagedBotToken"])
async def test_another_managers_bot_is_refused(
    http: Http, emulator: TelegramEmulator, anna: Person, method: str
) -> None:
    stranger = emulator.registry.create("T", "t_desk_bot", owner=anna.id)
    for bot_id in (stranger.id, 5):
        body = await http.refused(method, user_id=bot_id)
        assert description(body) == "Bad Request: BOT_INVALID"


async def test_the_manager_is_told_of_a_revoked_token_and_a_new_owner(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    managed = emulator.registry.create("T", "t_desk_bot", owner=anna.id, manager=BOT_ID)
    bruno = emulator.accounts.add_person("Bruno")

    emulator.registry.revoke(managed.id)
    emulator.registry.give(managed.id, bruno.id)

    updates = await http.call("getUpdates")
    owners = [update["managed_bot"]["user"]["first_name"] for update in updates]
    assert owners == ["Anna", "Anna", "Bruno"]


async def test_only_a_manager_gets_a_bot_and_only_for_its_own_key(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    await ask_for_a_bot(http, anna)
    with pytest.raises(AssertionError, match="may not manage others"):
        await press(http, anna)
    emulator.registry.let_manage(BOT_ID)
    with pytest.raises(AssertionError, match="no such key"):
        await press(http, anna, request_id=8)
    assert len(emulator.world.bots) == 1


async def test_a_group_is_not_asked_for_a_bot(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    group = emulator.accounts.add_group("Gita", members=[anna.id, BOT_ID])
    body = await http.refused("sendMessage", chat_id=group.id, text="x", reply_markup=KEYBOARD)
    assert description(body) == "Bad Request: managed bots can be requested in private chats only"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [(1, "must be of type Object"), ({"suggested_name": "T"}, 'Can\'t find field "request_id"')],
)
async def test_a_malformed_key_is_refused(
    http: Http, anna: Person, request_: Any, sentence: str
) -> None:
    markup = {"keyboard": [[{"text": "Crea", "request_managed_bot": request_}]]}
    body = await http.refused("sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    assert sentence in description(body)

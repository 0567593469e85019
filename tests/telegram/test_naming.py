"""A bot that has got another name answers to it, and to the one that it had."""

import json

import pytest
from hypothesis import given

from bot.playground.telegram.faults import Fault
from bot.playground.telegram.records import Status
from bot.telegram.account import Account, BotIdentity
from bot.telegram.message import as_command, calls_another_bot
from bot.telegram.naming import ASK_SECONDS, Naming
from bot.telegram.read import read
from bot.telegram.wire import mapping
from db.records import UpdateKind
from tests.telegram.conftest import Desk
from tests.telegram.test_polling import Inbox, inbox, until
from tests.telegram.test_route import JSON, UPDATES
from tests.telegram.updates import GROUP, ME, in_group, mention, message, private, update

__all__ = ["inbox"]  # a fixture
BOT = 4242
MESSAGE, EDIT, EVENT, IGNORED = UpdateKind


def calling(name: str, text: str = "ciao") -> str:
    written = f"@{name} {text}"
    return in_group(written, entities=mention(written, f"@{name}"))


class Named:
    """A running bot, and the names that were kept of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.account = Account(desk.me, desk.bot)
        self.kept: list[str] = []
        self.naming = Naming(self.account, desk.clock, self._keep)
        self._asked = self.asked

    async def _keep(self, me: BotIdentity) -> None:
        self.kept.append(me.username)

    @property
    def asked(self) -> int:
        return len(self.desk.telegram.calls.of("getMe"))

    def asked_since(self) -> int:
        return self.asked - self._asked

    def is_renamed(self, name: str) -> None:
        self.desk.telegram.accounts.rename_bot(BOT, name)

    async def hears(self, payload: str) -> UpdateKind:
        incoming = self.naming.route(payload)
        if self.naming.is_unsure(incoming):
            (incoming,) = await self.naming.ask([incoming])
        return incoming.kind


@pytest.fixture
def named(desk: Desk) -> Named:
    return Named(desk)


async def test_the_first_who_calls_it_by_the_new_name_is_heard(named: Named) -> None:
    named.is_renamed("aurora_bot")
    assert await named.hears(calling("aurora_bot")) is MESSAGE
    assert (named.kept, named.asked_since()) == (["aurora_bot"], 1)
    assert read(calling("aurora_bot"), me=named.account.me).text == "ciao"


async def test_who_still_calls_it_by_the_old_one_is_heard_too(named: Named) -> None:
    for name in ("aurora_bot", "alba_bot"):
        named.is_renamed(name)
        assert await named.hears(calling(name)) is MESSAGE
        named.desk.clock.time += ASK_SECONDS
    assert [await named.hears(calling(name)) for name in ("Hotel_Bot", "aurora_bot")] == [
        MESSAGE,
        MESSAGE,
    ]
    assert await named.hears(in_group("/help@hotel_bot")) is EVENT
    assert named.account.me.former == ("aurora_bot", "hotel_bot")
    assert named.asked_since() == 2


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (in_group("/help@aurora_bot"), EVENT),
        (in_group("/help@Aurora_Bot ora"), EVENT),
        (private("/help@aurora_bot"), EVENT),
        (
            update(
                "edited_message",
                message("@aurora_bot", chat=GROUP, entities=mention("@aurora_bot", "@aurora_bot")),
            ),
            EDIT,
        ),
        (
            in_group(
                photo=[],
                caption="@aurora_bot",
                caption_entities=mention("@aurora_bot", "@aurora_bot"),
            ),
            MESSAGE,
        ),
    ],
)
async def test_a_name_counts_wherever_it_stands(
    named: Named, payload: str, kind: UpdateKind
) -> None:
    named.is_renamed("aurora_bot")
    assert await named.hears(payload) is kind


@pytest.mark.parametrize(
    "payload",
    [
        in_group("Ciao a tutti"),
        in_group("scrivi a aurora_bot@example.org"),
        in_group("@boris guarda", entities=mention("@boris guarda", "@boris")),
        in_group("@robotica", entities=mention("@robotica", "@robotica")),
    ],
)
async def test_for_what_calls_no_bot_nobody_is_asked(named: Named, payload: str) -> None:
    assert await named.hears(payload) is IGNORED
    assert named.asked_since() == 0


async def test_other_bots_are_asked_about_once_a_minute(named: Named) -> None:
    for _ in range(5):
        assert await named.hears(calling("weather_bot")) is IGNORED
        named.desk.clock.time += ASK_SECONDS / 4
    assert named.asked_since() == 2
    assert named.kept == []


@pytest.mark.parametrize("fault", ["500", "429", "lose", "garble", "403"])
async def test_where_telegram_does_not_tell_the_name_stays(named: Named, fault: str) -> None:
    named.is_renamed("aurora_bot")
    named.desk.telegram.faults.add(Fault.named(fault, method="getMe"))
    assert await named.hears(calling("aurora_bot")) is IGNORED
    named.desk.clock.time += ASK_SECONDS
    assert await named.hears(calling("aurora_bot")) is MESSAGE


async def test_a_name_that_could_not_be_kept_is_asked_for_again(named: Named) -> None:
    async def broken(_: BotIdentity) -> None:
        raise OSError("disk full")

    named.is_renamed("aurora_bot")
    keep, named.naming.renamed = named.naming.renamed, broken
    with pytest.raises(OSError, match="disk full"):
        await named.hears(calling("aurora_bot"))
    named.naming.renamed = keep
    assert await named.hears(calling("aurora_bot")) is MESSAGE
    assert named.kept == ["aurora_bot"]


async def test_nobody_else_waits_while_telegram_is_asked(inbox: Inbox) -> None:
    telegram, me = inbox.desk.telegram, inbox.desk.me
    anna = inbox.desk.anna_id
    members = {anna: Status.MEMBER, me.id: Status.ADMINISTRATOR}
    group = telegram.accounts.add_group("Ospiti", members=members)
    telegram.accounts.rename_bot(me.id, "aurora_bot")
    telegram.clients.write(group.id, "@aurora_bot ciao", bot_id=me.id, sender=anna)
    telegram.clients.write(anna, "A che ora?", bot_id=me.id)
    telegram.faults.add(Fault.named("hold", method="getMe"))
    async with inbox.polling():
        await until(lambda: telegram.faults.held == 1)
        assert spoken(inbox) == ["Ciao", "A che ora?"]
        telegram.faults.release()
        await until(lambda: spoken(inbox) == ["Ciao", "A che ora?", "@aurora_bot ciao"])
    assert inbox.renamed == ["aurora_bot"]


def spoken(inbox: Inbox) -> list[str]:
    """The messages that were accepted, as they are stored."""
    accepted = [one for batch in inbox.batches for one in batch if one.kind is MESSAGE]
    return [str(json.loads(one.payload)["message"]["text"]) for one in accepted]


# ---------------------------------------------------------------- commands, for the library


@pytest.mark.parametrize(
    ("said", "marked"), [("text", "entities"), ("caption", "caption_entities")]
)
def test_a_command_names_no_bot_for_the_library(said: str, marked: str) -> None:
    text = "/help@hotel_bot ora a @boris"
    command = {"type": "bot_command", "offset": 0, "length": 15}
    (boris,) = mention(text, "@boris")
    written = private(**{said: text, marked: [command, boris]})
    told = as_command(json.loads(written))["message"]
    assert told[said] == "/help ora a @boris"
    assert told[marked] == [command | {"length": 5}, *mention("/help ora a @boris", "@boris")]


@pytest.mark.parametrize(
    "payload",
    [
        private("/help@hotel_bot, grazie"),
        private("scrivi /help@hotel_bot"),
        update("callback_query", {"id": "1", "data": "/help@hotel_bot"}),
        "[]",
    ],
)
def test_what_is_no_command_to_a_bot_is_left_as_it_is(payload: str) -> None:
    assert as_command(json.loads(payload)) == json.loads(payload)


@given(JSON | UPDATES)
def test_any_json_is_looked_at(content: object) -> None:
    message = mapping(mapping(content).get("message"))
    assert calls_another_bot(message, ME) in {True, False}
    as_command(content)

"""Groups where people write in the name of the group, or of a channel of theirs."""

from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.core.texts.client import Access
from bot.core.texts.desk import Admins
from db.journal import apply
from db.people import Appoint, roles_of
from db.people import Person as Member
from tests.databases import SEEDED_AT
from tests.scenarios.company import CONSOLE
from tests.scenarios.people import ANONYMOUS, BY_CHANNEL, TELEGRAM, Json, Place
from tests.scenarios.stage import AI_NOTICE, Stage

OFFERS: Json = {"id": -1009, "type": "channel", "title": "Offerte"}
TRIPS: Json = {"id": -1010, "type": "channel", "title": "Viaggi\nAnna"}
ASKED = "@aurora_bot a che ora?"


def group(stage: Stage) -> Place:
    return stage.group(stage.person("Anna"), supergroup=True)


def admin_of(place: Place, **fields: Any) -> dict[str, Any]:
    """What a message of the group's anonymous administrator has."""
    chat = place.stage.telegram.world.chats[0, place.chat_id]
    return {"sender": ANONYMOUS, "sender_chat": chat.brief(), **fields}


async def test_who_writes_as_a_channel_is_answered_by_its_name(stage: Stage) -> None:
    place = group(stage)
    stage.will_say("Dalle 14:00.")
    place.gets(ASKED, sender=BY_CHANNEL, sender_chat=OFFERS)
    (_, answer) = await place.receives(2)
    stage.will_say("Sì.")
    reply = {"reply_to_message": answer}
    place.gets("Sicuri?", sender=BY_CHANNEL, sender_chat=TRIPS, **reply)
    await place.hears("Sì.")
    assert stage.inputs() == [
        ["⟦from: Offerte⟧\na che ora?"],
        ["⟦from: Viaggi Anna⟧\n⟦in reply to you⟧\n⟦quoted: Dalle 14:00.⟧\nSicuri?"],
    ]


async def test_an_anonymous_administrator_is_answered(stage: Stage) -> None:
    place = group(stage)
    stage.will_say("Dalle 14:00.")
    place.gets(ASKED, **admin_of(place, author_signature="Direttore"))
    await place.hears(AI_NOTICE, "Dalle 14:00.")
    assert stage.inputs() == [["⟦from: Ospiti⟧\n⟦signed: Direttore⟧\na che ora?"]]


async def test_the_post_of_a_linked_channel_is_answered_only_if_it_asks(stage: Stage) -> None:
    place = group(stage)
    post: Json = {"sender": TELEGRAM, "sender_chat": OFFERS, "is_automatic_forward": True}
    origin = {"type": "channel", "chat": OFFERS, "message_id": 3, "date": 1}
    place.gets("Saldi!", **post, forward_origin=origin)
    await place.hears()
    stage.will_say("Dalle 14:00.")
    place.gets(ASKED, **post, forward_origin=origin)
    await place.hears(AI_NOTICE, "Dalle 14:00.")
    told = "⟦from: Offerte⟧\n⟦forwarded from the channel: Offerte⟧\na che ora?"
    assert stage.inputs() == [[told]]


async def test_nobody_pays_for_another_who_writes_behind_the_same_account(closed: Stage) -> None:
    stage = closed
    await stage.opens(turns_per_minute=1)
    first, second = group(stage), group(stage)
    for place, chat in ((first, OFFERS), (second, TRIPS)):
        stage.will_say("Dalle 14:00.")
        place.gets(ASKED, sender=BY_CHANNEL, sender_chat=chat)
        await place.hears(AI_NOTICE, "Dalle 14:00.")
    one, other = (body["safety_identifier"] for body in stage.asked())
    assert one != other


@pytest.mark.parametrize("command", ["/configure", "/admins", "/tenants", "/cancel", "/publish"])
async def test_no_role_is_found_behind_an_account_that_everybody_shares(
    stage: Stage, command: str
) -> None:
    place = group(stage)
    await appoint(stage, ANONYMOUS)
    place.gets(command, **admin_of(place))
    await place.hears(say(Text.UNKNOWN_COMMAND, "it"))


async def test_codes_and_invitations_ask_for_a_private_chat(stage: Stage) -> None:
    place = group(stage)
    place.gets("/unlock AB12-CD34", **admin_of(place))
    await place.hears(say(Access.IN_PRIVATE, "it"))
    place.gets("/start i_0123456789abcdefghijABCDEFGHIJ", **admin_of(place))
    await place.hears(say(Admins.LINK_IN_PRIVATE, "it"))
    found = await stage.database.read(lambda c: roles_of(c, user_id=ANONYMOUS["id"], now=SEEDED_AT))
    assert found == {}


async def appoint(stage: Stage, user: Json) -> None:
    """Somebody has written this number into the table of roles."""
    found = Appoint(None, Member(user["id"], "Group", "host"), CONSOLE, SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [found]))

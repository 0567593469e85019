"""Every write that a process does again when it does not know whether it happened."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from db.attention import Notified
from db.bots import MarkBot
from db.chats import ChatWork
from db.chores import ClearUpdateNumbers, Erased, QueueErasure
from db.companies import DeleteTenant
from db.ends import CloseEnded
from db.erasing import EraseTenant
from db.errors import Stale
from db.invites import Invite
from db.operations import (
    Accepted,
    CloseChat,
    Introduce,
    KeepExtracts,
    MoveChat,
    NoteResponse,
    Orphans,
    Posted,
    SetConversation,
    Wait,
)
from db.operations.handle import Handled
from db.previews import LeavePreview, enter
from db.records import Draft, OutboxKind
from db.seconds import DAY_SECONDS
from db.showcase import NoteShown
from db.tenants import GiveBot, SaveProfile
from db.transaction import Operation
from db.trying import BreakOff, EndTrying, begin_trying
from tests.databases import BOT, SOMEBODY
from tests.db.desk import Desk, bubble, incoming, sent
from tests.db.notices import alert, clear_alert, rewritten, tell_people
from tests.db.pruned import first_batch
from tests.db.test_api_keys import note_key_used
from tests.db.test_calls import note_calls, propose_calls
from tests.db.test_drafts import publish_anew
from tests.db.test_identify import identify_once
from tests.db.test_invites import invite_first_host
from tests.db.test_leases import beating, hold_bot, retire
from tests.db.test_log import mark_read
from tests.db.test_mcp import note_servers
from tests.db.test_noted import note_fact
from tests.db.test_onward import offer_link
from tests.db.test_quotes import keep_copy
from tests.db.test_requests import take_request
from tests.db.test_sessions import end_session, keep_session, open_session
from tests.db.test_stop_turn import stop_turn
from tests.db.test_uploads import drop_uploads, keep_piece

HOTEL: Final = 1
CONVERSATION: Final = "conv_1"
Arrange = Callable[[Desk], Awaitable[Operation[Any]]]


@dataclass(frozen=True, slots=True)
class Repeated:
    """`again`: what it comes to when it is done once more.

    `swept`: a process learns of what it began only from the tables then, by the next `Adopt`.
    """

    arrange: Arrange
    again: Callable[[Any], bool] = lambda result: result is None
    swept: bool = False


async def accept(desk: Desk) -> Operation[Any]:
    return desk.accepting(incoming(1))


async def handle(desk: Desk) -> Operation[Any]:
    def work(chat: ChatWork) -> Sequence[Draft]:
        return (bubble("Aiuto.", kind=OutboxKind.COMMAND),)

    return desk.handling(await desk.event(), work)


async def claim(desk: Desk) -> Operation[Any]:
    chat = await desk.hear()
    desk.now += desk.window.cap
    return desk.claiming(chat)


async def post(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    return desk.posting(turn, bubble("Uno."), bubble("Due.", 1), intend_first=True, lower_id=9)


async def settle(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    rows = (await desk.post(turn, bubble("Uno."), bubble("Due.", 1), intend_first=True)).rows
    return desk.posting(turn, settled=(sent(rows[0], 11),), intend=rows[1].row, lower_id=11)


async def complete(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    await desk.hear("E la colazione?")
    return desk.completing(turn, input_tokens=5, output_tokens=2)


async def began(desk: Desk) -> Operation[Any]:
    return NoteResponse((await desk.open_turn()).fence, "resp_1", told="[]", start=1)


async def keep_extracts(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    return KeepExtracts(turn.fence, {turn.messages[0].row: '{"text": "?", "heard": "Ciao"}'})


async def set_conversation(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    return SetConversation(turn.fence, turn.thread, CONVERSATION, "conv_0", desk.now)


async def introduce(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    notice = bubble("Qui risponde un'IA.", kind=OutboxKind.NOTICE)
    return Introduce(turn.fence, turn.chat, desk.owner, desk.now, (notice,))


async def wait(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    waiting = bubble("Un momento.", kind=OutboxKind.WAITING)
    return Wait(turn.fence, turn.chat, desk.owner, desk.now, (waiting,))


async def adopt(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Uno."), intend_first=True)
    await desk.event()
    return desk.adopting(owner="second")


async def close_chat(desk: Desk) -> Operation[Any]:
    turn = await desk.open_turn()
    await desk.post(turn, bubble("Uno."))
    return CloseChat(turn.chat, desk.now)


async def move_chat(desk: Desk) -> Operation[Any]:
    return MoveChat(await desk.hear(client=-5), "-1005", desk.now)


async def leave_preview(desk: Desk) -> Operation[Any]:
    def work(chat: ChatWork) -> Sequence[Draft]:
        enter(chat, HOTEL)
        return ()

    await desk.handle(await desk.event(), work)
    return LeavePreview(await desk.hear(), desk.now)


async def queue_erasure(desk: Desk) -> Operation[Any]:
    return QueueErasure(CONVERSATION, desk.now, 1)


async def erased(desk: Desk) -> Operation[Any]:
    await desk.journal.do(await queue_erasure(desk))
    return Erased(CONVERSATION)


async def clear_update_numbers(desk: Desk) -> Operation[Any]:
    await desk.hear()
    return ClearUpdateNumbers(desk.now + 3 * DAY_SECONDS)


async def close_ended(desk: Desk) -> Operation[Any]:
    await desk.journal.do(Invite("digest", HOTEL, "admin", desk.now + 1, SOMEBODY, desk.now))
    return CloseEnded(desk.now + 2)


async def note_shown(_: Desk) -> Operation[Any]:
    return NoteShown(BOT, HOTEL, '{"name": "Aurora"}')


def try_out(chat: ChatWork) -> Sequence[Draft]:
    begin_trying(chat, "setup:1:at try")
    return ()


async def end_trying(desk: Desk) -> Operation[Any]:
    await desk.handle(await desk.event(), try_out)
    return EndTrying(await desk.hear())


async def break_off(desk: Desk) -> Operation[Any]:
    await desk.handle(await desk.event(), try_out)

    def drafts(again: str, _: str | None) -> Sequence[Draft]:
        return (bubble(again, kind=OutboxKind.COMMAND),)

    return BreakOff((BOT,), (), desk.owner, desk.now, drafts)


async def mark_bot(desk: Desk) -> Operation[Any]:
    return MarkBot(BOT, None, username="aurora_bot")


async def save_profile(desk: Desk) -> Operation[Any]:
    return SaveProfile("gino", '{"company_name": "Gino"}', "test", desk.now)


async def give_bot(desk: Desk) -> Operation[Any]:
    await desk.journal.do(await save_profile(desk))
    return GiveBot(BOT + 1, "gino")


async def erase_tenant(desk: Desk) -> Operation[Any]:
    await desk.journal.do(await save_profile(desk))
    await desk.journal.do(DeleteTenant(HOTEL + 1, SOMEBODY, desk.now))
    return EraseTenant(desk.now)


def pruned(name: str) -> Arrange:
    """The first batch of this type."""
    return partial(first_batch, name=name)


def nothing(result: object) -> bool:
    return result in (0, False, ())


def accepted_before(result: Accepted) -> bool:
    return result == Accepted()


def under_way(result: Posted) -> bool:
    return result == Posted((), sending=False, busy=True)


def taken_already(result: Orphans) -> bool:
    return not result.turns and not result.rows and len(result.events) == 1


def stale(result: object) -> bool:
    return isinstance(result, Stale)


def yes(result: object) -> bool:
    return result is True


PRUNED: Final = ("EraseWords", "EraseVersions", "EraseRevisions", "LeaveConversations", "DropRows")
REPEATED: Final = {
    "Accept": Repeated(accept, accepted_before, swept=True),
    "Handle": Repeated(handle, lambda result: result == Handled(fresh=False), swept=True),
    "Claim": Repeated(claim, swept=True),
    "Post": Repeated(post, under_way, swept=True),
    "Post, of what was sent": Repeated(settle, under_way, swept=True),
    "Complete": Repeated(complete, stale, swept=True),
    "NoteResponse": Repeated(began, swept=True),
    "ProposeCalls": Repeated(propose_calls, swept=True),
    "NoteCalls": Repeated(note_calls, yes, swept=True),
    "NoteServers": Repeated(note_servers),
    "KeepExtracts": Repeated(keep_extracts, swept=True),
    "TakeRequest": Repeated(take_request, lambda result: bool(result.again), swept=True),
    "NoteFact": Repeated(note_fact, yes, swept=True),
    "SetConversation": Repeated(set_conversation, swept=True),
    "Introduce": Repeated(introduce, nothing, swept=True),
    "Wait": Repeated(wait, nothing, swept=True),
    "Adopt": Repeated(adopt, taken_already, swept=True),
    "Beat": Repeated(beating),
    "Retire": Repeated(retire),
    "HoldBot": Repeated(hold_bot, yes),
    "CloseChat": Repeated(close_chat),
    "MoveChat": Repeated(move_chat),
    "LeavePreview": Repeated(leave_preview),
    "OpenSession": Repeated(open_session),
    "KeepSession": Repeated(keep_session),
    "EndSession": Repeated(end_session),
    "OfferLink": Repeated(offer_link, yes),
    "Identify": Repeated(identify_once, lambda result: result == "c_1"),
    "MarkRead": Repeated(mark_read),
    "KeepPiece": Repeated(keep_piece, yes),
    "DropUploads": Repeated(drop_uploads),
    "StopTurn": Repeated(stop_turn),
    "Alert": Repeated(alert, nothing, swept=True),
    "TellPeople": Repeated(tell_people, lambda result: result == Notified(), swept=True),
    "Rewritten": Repeated(rewritten),
    "KeepCopy": Repeated(keep_copy),
    "ClearAlert": Repeated(clear_alert),
    "QueueErasure": Repeated(queue_erasure),
    "Erased": Repeated(erased),
    "ClearUpdateNumbers": Repeated(clear_update_numbers),
    "CloseEnded": Repeated(close_ended),
    "NoteKeyUsed": Repeated(note_key_used),
    "NoteShown": Repeated(note_shown),
    "EndTrying": Repeated(end_trying),
    "BreakOff": Repeated(break_off, nothing, swept=True),
    "MarkBot": Repeated(mark_bot),
    "InviteFirstHost": Repeated(invite_first_host, yes),
    "SaveProfile": Repeated(save_profile, lambda result: result == 1),
    "PublishAnew": Repeated(publish_anew, lambda result: result is None),
    "GiveBot": Repeated(give_bot),
    "EraseTenant": Repeated(erase_tenant, nothing),
    **{name: Repeated(pruned(name), nothing) for name in PRUNED},
}

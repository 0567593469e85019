"""The chats to which updates belong; those not met before are made, with a thread each.

An update that names a message of ours may not say in which topic of its group that stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from db.haste import NTH_LAST_TURN
from db.ids import as_number, text_beside
from db.models import bots, chats, constant, outbox, tenants, threads
from db.records import Address, Draft, Incoming, Purpose, TenantState, UpdateKind
from db.rows import ADDRESS, address_of, insert
from db.window import Window

_CHATS = (
    select(
        chats.c.id,
        *ADDRESS,
        chats.c.thread_id,
        chats.c.first_at,
        chats.c.due_at,
        chats.c.noticed_until,
        chats.c.language,
        chats.c.chosen_language,
        chats.c.form,
        exists()
        .where(threads.c.id == chats.c.thread_id, threads.c.conversation_id.is_(None))
        .where(tenants.c.id == threads.c.tenant_id)
        .where(
            or_(
                tenants.c.state == constant(TenantState.ACTIVE),
                threads.c.purpose == constant(Purpose.PREVIEW),  # answered in a pause too
            )
        )
        .label("new"),
        NTH_LAST_TURN.label("nth_last_turn"),
    )
    .where(
        chats.c.bot_id == bindparam("bot"), chats.c.chat_id.in_(bindparam("ids", expanding=True))
    )
    .order_by(chats.c.id)
    .with_for_update(of=chats, key_share=True)
)
_TENANT = select(bots.c.tenant_id).where(bots.c.id == bindparam("bot"))
_SET_THREAD = (
    update(chats).where(chats.c.id == bindparam("row")).values(thread_id=bindparam("thread"))
)


@dataclass(slots=True)
class MetChat:
    """What this transaction knows of one chat."""

    row: int
    address: Address
    thread: int
    first_at: float | None
    due_at: float | None
    noticed_until: float | None
    opens_at: float
    language: str | None
    chosen_language: str | None
    new: bool  # its thread will need a conversation
    asked: bool  # an admin is asked for something: the next message is the answer
    armed: bool = False
    notice: tuple[int | None, Draft] | None = None


def find_or_make(
    connection: Connection,
    bot_id: int,
    incoming: Sequence[Incoming],
    *,
    window: Window,
    now: float,
) -> dict[Address, MetChat]:
    """Those of a bot's updates, locked."""
    return _Meeting(connection, bot_id, incoming, window, now).load()


@dataclass(frozen=True, slots=True)
class _Meeting:
    connection: Connection
    bot_id: int
    incoming: Sequence[Incoming]
    window: Window
    now: float

    def load(self) -> dict[Address, MetChat]:
        wanted = {i.address for i in self.incoming if i.address is not None}
        if not wanted:
            return {}
        found = self._select(wanted)
        if missing := sorted(wanted - found.keys(), key=lambda a: (a.chat_id, a.topic_id)):
            self._create(missing)
            found = self._select(wanted)
        if foreign := wanted - found.keys():
            raise ValueError(f"a bot of one channel heard in another: {foreign.pop().channel}")
        return found

    def _select(self, wanted: set[Address]) -> dict[Address, MetChat]:
        window = self.window
        found = self.connection.execute(
            _CHATS,
            {
                "bot": self.bot_id,
                "ids": sorted({as_number(address.chat_id) for address in wanted}),
                "before": window.earlier,
                "now": self.now,
            },
        )
        return {
            address: MetChat(
                row=row.id,
                address=address,
                thread=row.thread_id,
                first_at=row.first_at,
                due_at=row.due_at,
                noticed_until=row.noticed_until,
                opens_at=window.opens_at(row.nth_last_turn),
                language=row.language,
                chosen_language=row.chosen_language,
                new=row.new,
                asked=row.form is not None,
            )
            for row in found
            if (address := address_of(row)) in wanted
        }

    def _create(self, missing: Sequence[Address]) -> None:
        bot, now = self.bot_id, self.now
        tenant = self.connection.execute(_TENANT, {"bot": bot}).scalar_one()
        spoken = {i.address: i.language for i in self.incoming if i.language}
        rows = [
            {
                "channel": address.channel,
                "bot_id": bot,
                "chat_id": as_number(address.chat_id),
                "chat_text": text_beside(address.chat_id),
                "topic_id": address.topic_id,
                "language": spoken.get(address),
            }
            for address in missing
        ]
        made = self.connection.execute(
            insert(self.connection, chats).on_conflict_do_nothing().returning(chats.c.id), rows
        )
        new = [{"chat_id": row, "tenant_id": tenant, "created_at": now} for row in made.scalars()]
        if not new:
            return
        opened = self.connection.execute(
            insert(self.connection, threads).returning(threads.c.id, threads.c.chat_id), new
        )
        pairs = [{"row": chat, "thread": thread} for thread, chat in opened]
        self.connection.execute(_SET_THREAD, pairs)


def in_their_topics(connection: Connection, incoming: Sequence[Incoming]) -> Sequence[Incoming]:
    """The same; what is shown under a message of ours is of the chat to which that was sent.

    Telegram tells of reactions without the topic.
    """
    return [_in_its_topic(connection, one) if _may_be_lost(one) else one for one in incoming]


def _may_be_lost(one: Incoming) -> bool:
    shown = one.kind is UpdateKind.IGNORED and one.pressed is not None
    return shown and not one.private and one.address is not None and not one.address.topic_id


def _in_its_topic(connection: Connection, one: Incoming) -> Incoming:
    if one.address is None:
        return one
    here = (chats.c.channel == one.address.channel) & (chats.c.bot_id == one.address.bot_id)
    found = connection.execute(
        select(*ADDRESS)
        .join(outbox, outbox.c.chat_id == chats.c.id)
        .where(here, chats.c.chat_id == as_number(one.address.chat_id))
        .where(outbox.c.message_id == as_number(one.pressed))
        .limit(1)
    ).first()
    return replace(one, address=address_of(found)) if found else one

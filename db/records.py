"""The plain data that goes in and out of db. Times are seconds since the epoch (UTC)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class UpdateKind(StrEnum):
    """What an accepted update asks for."""

    MESSAGE = "message"  # becomes part of a turn
    EDIT = "edit"  # of a message: takes its place while that waits, and corrects it afterwards
    EVENT = "event"  # command, button, membership, media without words: handled once, no turn
    IGNORED = "ignored"  # kept for the record: not addressed to us, or a reaction


TO_THE_MODEL: Final = (UpdateKind.MESSAGE, UpdateKind.EDIT)  # what turns are made of


class UpdateState(StrEnum):
    """Where an accepted update stands; a message that is in a turn stands where its turn does.

    What is left out is in no turn: it waited between messages of one, with too many others.
    """

    ACCEPTED = "accepted"
    CLAIMED = "claimed"
    LEFT_OUT = "left out"
    DONE = "done"
    FAILED = "failed"


class TenantState(StrEnum):
    """Whether a tenant's assistant answers."""

    ACTIVE = "active"
    PAUSED = "paused"  # clients get its pause message
    ARCHIVED = "archived"  # its own bots are not heard
    DELETED = "deleted"  # nobody finds it any more; what it left is being erased


class Purpose(StrEnum):
    """What a thread is for."""

    CLIENT = "client"
    PREVIEW = "preview"  # an admin tries the draft


PUBLIC: Final = "public"  # the assistant that everybody may talk to, without an access code


class TurnState(StrEnum):
    """Where a turn stands."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


STOPPED = "stopped by the client"  # of a turn, of its messages, and of what waited
CUT = "longer than is shown"  # the cause of a turn whose reply was not said to its end


class OutboxKind(StrEnum):
    """Why a message goes out."""

    REPLY = "reply"
    WAITING = "waiting"
    NOTICE = "notice"
    COMMAND = "command"
    SECRET = "secret"  # noqa: S105 - a kind: a command's answer, encrypted, empty once sent
    FAILURE = "failure"


class OutboxState(StrEnum):
    """queued -> sending -> sent | doubt | failed; doubt -> sent | queued | failed."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DOUBT = "doubt"
    FAILED = "failed"


TELEGRAM: Final = "telegram"  # the channel by whose numbers people with a role are known


@dataclass(frozen=True, slots=True)
class Address:
    """A chat: its channel, a bot of ours there, and the channel's id; topic_id 0: no topic."""

    channel: str
    bot_id: int
    chat_id: str
    topic_id: int = 0

    @property
    def person(self) -> int | None:
        """Who may hold a role, if this is somebody's own chat; nobody on other channels."""
        return int(self.chat_id) if self.channel == TELEGRAM else None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changed something: a person by Telegram's id, or the command line."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message decided and not yet written down. `entities`, `markup`: the channel's JSON."""

    kind: OutboxKind
    position: int
    text: str
    entities: str | None = None
    markup: str | None = None
    reply_to: str | None = None  # the id of a message in this chat


KEYS_PLACE: Final = -1  # the position of what is no message, but keys for one that is there


def keys_under(message_id: str, keys: str) -> Draft:
    """Keys (the channel's JSON) for a message of this chat that is there.

    They stand in the outbox as a notice that shows nothing: a program of before would send it, and
    be refused.
    """
    return Draft(OutboxKind.NOTICE, KEYS_PLACE, " ", markup=keys, reply_to=message_id)


@dataclass(frozen=True, slots=True)
class Secret:
    """What an update must not be stored with: its kind, and itself, encrypted."""

    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One raw update and what intake read off it; `address` is None when it could not be routed."""

    update_id: str
    payload: str
    kind: UpdateKind
    address: Address | None = None
    private: bool = False  # in a chat with one person
    message_id: str | None = None
    album: str | None = None
    size: int = 0  # of its words, in UTF-16 units
    language: str | None = None
    unfinished: bool = False  # cut by the client's application, or an album: more is on its way
    written_at: float | None = None  # as the channel dates it
    secrets: tuple[Secret, ...] = ()  # what was said in it, and is no part of the payload
    wrong_codes: int = 0  # words in it that look like an access code and are none
    place: str | None = None  # from where it came, as a hash: there too wrong codes are counted
    asks: bool = False  # an EVENT whose words may become a message
    edited_at: float | None = None  # as the channel dates it
    pressed: str | None = None  # the id of our message that somebody pressed, or reacted to
    logged: bool = False  # it stands in its chat's log
    by_phone: bool = False  # said on the phone: nobody speaks too fast there
    awaited: bool = False  # whoever sent it says no more before it is answered
    upload: str | None = None  # of a file that was sent before, and came with it: see db/uploads

    @property
    def may_be_read(self) -> bool:
        """Whether its words are for the model, or may be once its event is handled."""
        return self.kind in TO_THE_MODEL or self.asks


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted update that is handled once and needs no turn."""

    row: int
    bot_id: int
    chat: int | None
    address: Address | None
    payload: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message written down, in the order of `row`."""

    row: int
    chat: int
    turn: int | None
    kind: OutboxKind
    position: int
    text: str
    entities: str | None
    markup: str | None
    state: OutboxState
    attempts: int = 0
    not_before: float | None = None
    intent_at: float | None = None
    lower_id: int | None = None
    reply_to: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """When the chat's next turn is due, if messages came meanwhile; the keys still to be shown."""

    due: float | None
    keys: tuple[OutboxRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Fence:
    """The right to write for a turn: void once another process adopted it."""

    turn: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message of a turn, to be read by its channel."""

    row: int
    kind: UpdateKind
    message_id: str | None
    payload: str
    written_at: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Of a turn's too many messages, those left out after `after` rows; the others are dated."""

    after: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Pinned:
    """What a turn speaks from: a version of the profile; in a preview, a revision of the draft."""

    number: int
    drafted: bool = False

    @classmethod
    def read(cls, stored: int) -> "Pinned":
        """As a turn's row has it: what is drafted is below zero."""
        return cls(abs(stored), drafted=stored < 0)

    def __str__(self) -> str:
        return f"draft-{self.number}" if self.drafted else str(self.number)


@dataclass(frozen=True, slots=True)
class Turn:
    """A claimed or adopted turn: all that its answer needs."""

    fence: Fence
    chat: int
    address: Address
    language: str | None
    introduced: bool
    thread: int
    tenant: int
    assistant: str
    pinned: Pinned
    conversation_id: str | None
    last_item_id: str | None
    received_at: float
    opened_at: float
    messages: tuple[Message, ...]
    gap: Gap | None = None
    purpose: Purpose = Purpose.CLIENT
    tenant_state: TenantState = TenantState.ACTIVE
    resumed: bool = False  # there is, or was, a conversation
    missed: bool = False  # the client did not see all of the reply before this turn
    known: bool = False  # something is known of the client: see db/facts
    reached: frozenset[str] | None = None  # roles in which somebody can be told; None: not read
    told: str | None = None  # what the model is told of the moment, as it was stored
    adopted: bool = False
    stopped: bool = False  # the client wants no more of it: as the tables had it
    response_id: str | None = None  # from here on: of an adopted turn alone
    response_start: int = 0  # the position of that response's first message
    rows: tuple[OutboxRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a row that was `sending` or in doubt."""

    row: int
    state: OutboxState
    message_id: str | None = None
    not_before: float | None = None
    cause: str | None = None
    plain: bool = False  # leave the entities out from now on
    moved_to: str | None = None  # the chat has another address (not stored with the row)


class Outcome(StrEnum):
    """How a turn served its client, in the order in which the model may choose."""

    ANSWERED = "answered"
    ASKED = "asked"  # a question of ours, which the client has to answer first
    UNKNOWN = "unknown"  # what the company told does not say it
    COMPLAINT = "complaint"
    DECLINED = "declined"  # none of the company's matters
    HANDOVER = "handover"  # a person is wanted


@dataclass(frozen=True, slots=True)
class Stated:
    """What an answer says of itself. Whatever it does not say is empty, never made up."""

    outcome: Outcome | None = None
    about: str = ""  # what was wanted, in a line for the company
    buttons: tuple[str, ...] = ()  # short answers that the client may tap
    sources: tuple[str, ...] = ()  # the names of those that answered
    promised: bool = False  # it spoke of a person who will write, and handed nobody over
    claimed: bool = False  # it said that something is done, and nothing had been


NOTHING_STATED: Final = Stated()


@dataclass(frozen=True, slots=True)
class Spent:
    """What an answer cost, and under which ids OpenAI keeps it."""

    model: str | None = None
    last_item_id: str | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    first_delta_at: float | None = None

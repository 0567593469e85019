"""What requests to the people's side and to the controls say; names as in the Bot API."""

from pydantic import BaseModel, ConfigDict, Field

from bot.playground.telegram.faults import ANY
from bot.playground.telegram.records import ChatType, Json, Status


class Body(BaseModel):
    """Unknown names are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NewBot(Body):
    """A bot as BotFather would make it."""

    token: str
    username: str = "sportello_bot"
    first_name: str = "Sportello"
    can_read_all_group_messages: bool = False


class NewPerson(Body):
    """A Telegram account."""

    first_name: str = Field(min_length=1)
    language_code: str | None = None
    username: str | None = None
    id: int | None = Field(default=None, gt=0)


class NewGroup(Body):
    """A group: ids of its people and bots, the first of them its creator."""

    title: str = Field(min_length=1)
    type: ChatType = ChatType.GROUP
    members: list[int]
    topics: list[str] = []
    username: str | None = None


class NewTopic(Body):
    """A topic of a supergroup."""

    name: str = Field(min_length=1)


class Membership(Body):
    """What someone shall be in a group."""

    user_id: int
    status: Status


class About(Body):
    """Which bot's view of the chat is meant."""

    bot: int


class Said(About):
    """Something from a person, in a topic or as a reply, to some of its words perhaps."""

    sender: int | None = Field(default=None, alias="from")
    reply_to_message_id: int | None = None
    quote: str = ""
    topic: int | None = None


class Written(Said):
    """A text from a person."""

    text: str
    entities: list[Json] | None = None


class Place(Body):
    """A location, or a venue if it has a name; live for so many seconds."""

    latitude: float
    longitude: float
    live_period: int = 0
    title: str = ""
    address: str = ""


class Card(Body):
    """Somebody's contact."""

    phone_number: str
    first_name: str


class Poll(Body):
    """A question with its options."""

    question: str
    options: list[str]


class Shared(Said):
    """One of these."""

    place: Place | None = None
    contact: Card | None = None
    poll: Poll | None = None
    dice: str = ""  # its emoji


class Moved(About):
    """Where somebody is now who shares a live location; None: shares it no longer."""

    place: Place | None = None


class Reacted(About):
    """An emoji on a message, or none."""

    emoji: str = ""
    sender: int | None = Field(default=None, alias="from")


class Edited(About):
    """The new text of a message."""

    text: str


class Pressed(About):
    """A callback button that a person presses."""

    data: str
    sender: int | None = Field(default=None, alias="from")


class Opened(Body):
    """A link to a bot that a person opens, pressing Start."""

    person: int
    url: str


class NewManagedBot(About):
    """What a person confirms after pressing a key that asks for a managed bot."""

    request_id: int
    name: str
    username: str


class OwnBot(Body):
    """A bot that @BotFather shall make."""

    name: str
    username: str
    owner: int | None = None
    can_manage_bots: bool = False


class BotChange(Body):
    """What its owner changes in @BotFather."""

    owner: int | None = None
    can_manage_bots: bool | None = None


class NewFault(Body):
    """A fault by its short name (see `Fault.named`) and how often it strikes; None: always."""

    method: str = ANY
    kind: str
    chat_id: int | None = None
    count: int | None = Field(default=1, gt=0)
    description: str = ""
    retry_after: int = 1
    seconds: float = 1.0


class Release(Body):
    """Whether the held calls go on or lose their connections."""

    lose: bool = False


class RawUpdate(Body):
    """An update for a bot as it is; its update_id is given by the emulator."""

    bot: int
    update: Json

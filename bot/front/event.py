"""A command or a key of a client's, as its channel read it."""

from dataclasses import dataclass

from db.records import Actor, Event


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """`language`: as the channel tells it, an IETF tag such as "it-CH".

    `asks`: there are words behind the command, which are a message of the chat. `pressed`: the id
    of the message under which a key was pressed. `album`: of what was sent without words.
    `understood`: what was sent can be understood without any.
    """

    channel: str
    stored: Event
    actor: Actor
    language: str | None = None
    asks: bool = False
    pressed: str | None = None
    album: str | None = None
    understood: bool = False

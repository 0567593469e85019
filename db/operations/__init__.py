"""The engine's transactions, one module each. T1 to T6 and H are the names of the design."""

from db.operations.accept import Accept, Accepted
from db.operations.address import CloseChat, MoveChat
from db.operations.adopt import Adopt, Beat, HoldBot, Orphans, Own, Retire
from db.operations.claim import Claim
from db.operations.complete import Complete
from db.operations.handle import Handle, Handled
from db.operations.post import Post, Posted
from db.operations.progress import (
    FAREWELL,
    Introduce,
    KeepExtracts,
    NoteResponse,
    SetConversation,
    Wait,
)

__all__ = [
    "FAREWELL",
    "Accept",
    "Accepted",
    "Adopt",
    "Beat",
    "Claim",
    "CloseChat",
    "Complete",
    "Handle",
    "Handled",
    "HoldBot",
    "Introduce",
    "KeepExtracts",
    "MoveChat",
    "NoteResponse",
    "Orphans",
    "Own",
    "Post",
    "Posted",
    "Retire",
    "SetConversation",
    "Wait",
]

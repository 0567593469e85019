"""What an operation may build on is applied before it, where both share a commit."""

from typing import Any

import pytest

from db.chores import Alert, ClearAlert
from db.codes import IssueCode, RevokeCodes
from db.companies import CreateTenant, DeleteTenant
from db.erasing import EraseTenant
from db.identify import Identify
from db.log import MarkRead
from db.operations import (
    Accept,
    Adopt,
    Beat,
    Claim,
    CloseChat,
    Complete,
    Handle,
    NoteResponse,
    Post,
    Retire,
)
from db.order import PLACES
from db.previews import LeavePreview
from db.remains import DropRows
from db.sessions import OpenSession
from db.tenants import GiveBot
from db.transaction import Operation
from db.versions import CountTokens
from db.words import EraseWords


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Beat, Accept),  # a lease that was lost is taken again before anything is owned
        (CreateTenant, GiveBot),
        (GiveBot, DeleteTenant),
        (Accept, Handle),  # an event is handled once it is stored
        (Handle, Claim),  # /new says which words the turn reads
        (LeavePreview, Claim),  # and a preview's end who is asked
        (RevokeCodes, IssueCode),  # the same code may be given out anew
        (Claim, NoteResponse),
        (NoteResponse, Post),
        (Post, Complete),  # the last bubble and the end of its turn
        (Complete, CountTokens),
        (GiveBot, OpenSession),
        (OpenSession, Identify),
        (Complete, Identify),  # what is said in a chat, before it is closed
        (Post, MarkRead),  # what was said is read
        (Complete, CloseChat),
        (CloseChat, Adopt),  # the sweep finds what all others have left
        (Alert, ClearAlert),
        (EraseWords, DropRows),  # words before the rows that held them
        (DropRows, EraseTenant),
        (EraseTenant, Retire),  # what a process did until the end was its own
    ],
)
def test_it_goes_first(first: type[Operation[Any]], then: type[Operation[Any]]) -> None:
    assert PLACES[first] < PLACES[then]

"""In which order operations that share a commit are applied.

Those of one line in the order in which they came. Each goes after what it may build on: what came
in is accepted before it is claimed, and claimed before it is answered.
"""

from collections.abc import Mapping
from typing import Any, Final

from db.aging import EraseRevisions, EraseVersions, LeaveConversations
from db.api_keys import IssueKey, LimitKey, NoteKeyUsed, RevokeKey
from db.attention import SeeTo, TellPeople
from db.bots import AddBot, MarkBot, RemoveBot
from db.calls import NoteCalls, ProposeCalls
from db.chores import Alert, ClearAlert, ClearUpdateNumbers, Erased, QueueErasure
from db.codes import ChangeCode, IssueCode, RevokeCodes
from db.companies import CreateTenant, DeleteTenant, Rename, SetState
from db.company_tools import AddTool, ChangeTool, RemoveTool, SetToolSecret
from db.drafts import Change, Discard, Publish, PublishAnew, RollBack
from db.duty import SetDuty
from db.ends import CloseEnded
from db.erasing import EraseTenant
from db.facts import NoteFact, SetFact
from db.groups import BindGroup, BindGroupAnew
from db.identify import Identify
from db.identity_secrets import AddIdentitySecret, RetireIdentitySecret
from db.invites import Invite, InviteFirstHost, Redeem, RevokeInvite
from db.limits import Spend
from db.log import MarkRead
from db.mcp import AddServer, NoteServers, RemoveServer
from db.onward import OfferLink
from db.operations import (
    Accept,
    Adopt,
    Beat,
    Claim,
    CloseChat,
    Complete,
    Handle,
    HoldBot,
    Introduce,
    KeepExtracts,
    MoveChat,
    NoteResponse,
    Post,
    Retire,
    SetConversation,
    Wait,
)
from db.outdated import Rewritten
from db.people import Appoint, Revoke, SetRole, TakeInHand
from db.previews import LeavePreview
from db.quotes import KeepCopy
from db.readings import NoteExport, NoteReading, NoteTranscript
from db.remains import DropRows
from db.requests import FinishRequest, TakeRequest
from db.sealed import Reencrypt
from db.sessions import EndSession, KeepSession, OpenSession
from db.showcase import NoteShown
from db.sites import AddSite, ChangeSite, RemoveSite
from db.stopping import StopTurn
from db.tenants import GiveBot, SaveProfile, TakeBots
from db.transaction import Operation
from db.trying import BreakOff, EndTrying
from db.unanswered import SettleQuestions
from db.unlocking import UseCode
from db.uploads import DropUploads, KeepPiece
from db.versions import CountTokens
from db.words import EraseWords

Places = Mapping[type[Operation[Any]], int]

ORDER: Final[tuple[tuple[type[Operation[Any]], ...], ...]] = (
    # The lease: what else the commit does is a living process's.
    (Beat,),
    # Who there is: a tenant before its bots, both before the rights in it and what becomes of it.
    (CreateTenant, SaveProfile),
    (GiveBot,),
    (AddBot, RemoveBot, TakeBots, AddSite, ChangeSite, RemoveSite, IssueKey, LimitKey, RevokeKey),
    (
        *(HoldBot, MarkBot, Rename, AddServer, RemoveServer),
        *(AddIdentitySecret, RetireIdentitySecret),
        *(Invite, InviteFirstHost, RevokeInvite, Redeem, Appoint, SetRole, Revoke),
    ),
    (SetState, TakeInHand, BindGroup, BindGroupAnew),
    (DeleteTenant,),
    # Who may speak, and how often.
    (Spend, OpenSession, EndSession, OfferLink, KeepPiece),
    # What comes in: it is stored before anything is done about it, and events are handled before
    # turns are opened, for they say in which thread, and whether at all.
    (Accept,),
    (Handle, StopTurn),
    (LeavePreview,),
    # What admins change is done within an event's work. Of codes, the old one goes first.
    (RevokeCodes,),
    (IssueCode, ChangeCode, UseCode, SetFact, Change, Discard, Claim),
    (RemoveTool,),
    (AddTool, ChangeTool, SetToolSecret, Reencrypt),
    (Publish, PublishAnew, RollBack),
    # What its people read and see to.
    (
        NoteReading,
        NoteTranscript,
        NoteExport,
        KeepCopy,
        SeeTo,
        SetDuty,
        SettleQuestions,
        FinishRequest,
    ),
    # A turn, as it goes: a bubble that is sent and the end of its turn may share a commit.
    (KeepExtracts, NoteResponse, SetConversation, TakeRequest, NoteFact),
    (ProposeCalls,),
    (NoteCalls,),
    (Post,),
    (Complete,),
    (MarkRead,),
    (CountTokens, NoteServers),
    # Whom that turn could not serve.
    (TellPeople,),
    (Rewritten,),
    # What became of a chat: after what was said there.
    (CloseChat,),
    # And whose it is: a chat is held before that, as where it is forgotten.
    (MoveChat, Identify, KeepSession),
    (Introduce, Wait),
    # The sweep finds what all of these have left.
    (Adopt,),
    # Small chores: nothing above waits for them.
    (Alert,),
    (ClearAlert,),
    (QueueErasure,),
    (Erased,),
    (ClearUpdateNumbers,),
    (CloseEnded, NoteShown, NoteKeyUsed, DropUploads),
    (EndTrying,),
    (BreakOff,),
    # What goes: words before the rows that held them, a tenant that was deleted last.
    (EraseWords,),
    (LeaveConversations,),
    (DropRows,),
    (EraseVersions, EraseRevisions),
    (EraseTenant,),
    # What a process did until the end was still its own.
    (Retire,),
)

# Where each stands: lower goes first.
PLACES: Final[Places] = {kind: place for place, kinds in enumerate(ORDER) for kind in kinds}

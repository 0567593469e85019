"""What is said about changes: who made them, and when."""

from enum import auto

from bot.core.texts.key import Key


class Audit(Key):
    """/audit."""

    TRAIL = auto()
    NOTHING = auto()
    OLDER = auto()
    SERVICE = auto()
    MORE_LINES = auto()

    DID_ADMIN_ADDED = auto()
    DID_ADMIN_CHANGED = auto()
    DID_ADMIN_REMOVED = auto()
    DID_INVITED = auto()
    DID_INVITE_REVOKED = auto()
    DID_BOT_ADDED = auto()
    DID_BOT_TOKEN_CHANGED = auto()
    DID_BOT_REMOVED = auto()
    DID_CODE_ADDED = auto()
    DID_CODE_CHANGED = auto()
    DID_CODE_REVOKED = auto()
    DID_CODE_REFUSED = auto()
    DID_CODE_USED = auto()
    DID_TENANT_CREATED = auto()
    DID_TENANT_RENAMED = auto()
    DID_TENANT_PAUSED = auto()
    DID_TENANT_RESUMED = auto()
    DID_TENANT_ARCHIVED = auto()
    DID_TENANT_SPEAKS = auto()
    DID_TENANT_DELETED = auto()
    DID_DRAFT_CHANGED = auto()
    DID_DRAFT_DISCARDED = auto()
    DID_PUBLISHED = auto()
    DID_ROLLED_BACK = auto()

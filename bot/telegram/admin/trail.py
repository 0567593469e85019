"""What admins change, written into the audit in the transaction that changes it."""

import asyncio
from collections.abc import Sequence

from bot.telegram.admin.visit import Visit
from db.audit import Deed, note
from db.chats import ChatWork
from tenants.difference import Difference

Trail = Sequence[tuple[str, str | None, str | None]]  # subject, old, new


def write_down(
    chat: ChatWork,
    visit: Visit,
    deed: Deed,
    *,
    tenant: int | None,
    subject: str | None = None,
    old: str | None = None,
    new: str | None = None,
) -> None:
    """The visitor did this to the tenant, or (None) to the process."""
    chat.read(
        note,
        tenant=tenant,
        actor=visit.actor,
        deed=deed,
        subject=subject,
        old=old,
        new=new,
        now=visit.now,
    )


def write_trail(chat: ChatWork, visit: Visit, deed: Deed, trail: Trail) -> None:
    """The visitor made these changes to the profile of the tenant at hand."""
    for subject, old, new in trail:
        write_down(chat, visit, deed, tenant=visit.here.id, subject=subject, old=old, new=new)


def entries(found: Sequence[Difference]) -> Trail:
    """What is kept of each change: old and new, of long texts what differs."""
    return [(one.subject, *one.excerpts()) for one in found]


async def trail_of(found: Sequence[Difference]) -> Trail:
    """The same, beside the event loop: a knowledge may have thousands of lines."""
    return await asyncio.to_thread(entries, found)

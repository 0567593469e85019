"""Documents: which command an admin sent one to, fetching it, and texts sent as documents."""

import mimetypes
from collections.abc import Mapping, Sequence
from typing import Final

from telegram import Chat, Document

from bot.core.attachments import LARGEST_BYTES
from bot.core.texts import say
from bot.core.texts.desk import Desk
from bot.core.texts.profile import Knowledge as Say
from bot.errors import GiveUp, SportelloError
from bot.files import (
    BrokenFile,
    EncryptedFile,
    FileError,
    TextMissing,
    TextTooLong,
    TooLarge,
    TooSlow,
    Unsupported,
)
from bot.telegram.admin.fields import VOCABULARY
from bot.telegram.admin.visit import Card, Step, button, company
from bot.telegram.errors import repeatable
from bot.telegram.route import FILE_COMMAND
from db.chats import ChatWork
from db.records import Draft
from db.tenants import TenantRow

# The library asks for the type of whatever it sends; where they are listed is read here, since
# later it would hold up the event loop.
mimetypes.init()

DOWNLOAD_SECONDS: Final = 60.0
_TOO_BIG: Final = "file is too big"  # Telegram's refusal of what is over its own limit

_ADVICE: Final[Mapping[type[FileError], Say]] = {
    Unsupported: Say.UNSUPPORTED,
    TooLarge: Say.TOO_LARGE,
    TextTooLong: Say.TEXT_TOO_LONG,
    TooSlow: Say.TOO_SLOW,
    EncryptedFile: Say.ENCRYPTED,
    TextMissing: Say.TEXT_MISSING,
    BrokenFile: Say.BROKEN,
}


def command_of(caption: str) -> str:
    """The command that a document with such a caption is sent to, as `FILE_COMMAND` finds it.

    `/configure knowledge`, in any language, is for /knowledge.
    """
    command = FILE_COMMAND.match(caption)
    if command is None:
        raise ValueError("the caption is no command")
    field = VOCABULARY.field_called(caption[command.end() :].strip())
    return "knowledge" if field in {"knowledge", "sources"} else command[1].lower()


def offer(language: str, tenant: TenantRow, album: str | None) -> Step:
    """What can be done with a document that nobody asked for: said once per album."""
    buttons = [
        [button(say(Desk.FILE_KNOWLEDGE, language), "knowledge", tenant, "file")],
        [button(say(Desk.FILE_CONFIGURE, language), "configure", tenant, "several")],
    ]
    told = Card(f"{company(tenant)}\n\n{say(Desk.FILE_UNASKED, language)}", buttons).drafts()

    def work(chat: ChatWork) -> Sequence[Draft]:
        return told if not album or chat.is_first_of_album(album) else ()

    return Step(work)


async def fetch(document: Document) -> bytes:
    """The content of a document. Raises TooLarge, and RetryLater or GiveUp as a call does."""
    if (document.file_size or 0) > LARGEST_BYTES:
        raise TooLarge
    try:
        with repeatable():
            file = await document.get_file()
            return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_SECONDS))
    except GiveUp as refusal:
        if _TOO_BIG in str(refusal):
            raise TooLarge from None
        raise


def advice(error: FileError | SportelloError, language: str, *, name: str, limit: str) -> str:
    """What the sender of a file can do about it; `limit` is of characters."""
    text = _ADVICE[type(error)] if isinstance(error, FileError) else Say.NOT_FETCHED
    return say(text, language, name=name, limit=limit, megabytes=LARGEST_BYTES // 1024**2)


async def send_text(chat: Chat, name: str, text: str) -> None:
    """A text as a document. Raises RetryLater or GiveUp."""
    with repeatable():
        await chat.send_document(text.encode(), filename=name)

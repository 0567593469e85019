"""`sportello clients`: what a company knows of a client, beside what they say."""

import re
import time
from dataclasses import asdict, dataclass
from typing import Final

from bot.cli.console import Wrong, align, tell
from bot.cli.database import HOST, change
from bot.cli.transcript import choose_chat
from bot.core.labels import one_line
from db.facts import LONGEST_VALUE, MOST, SetFact, facts_of, tenant_of_chat
from db.transaction import Transaction
from db.transcript import find_chats

HEADINGS: Final = ("NAME", "VALUE", "FROM")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Client:
    """Whoever writes in a chat; `bot` and `topic` tell chats of one number apart."""

    chat: str
    bot: int | None = None
    topic: int | None = None

    def find(self, transaction: Transaction) -> tuple[int, int]:
        """The chat's row, and the tenant that it talks to. Raises Wrong."""
        found = transaction.read(find_chats, self.chat)
        row, _ = choose_chat(self.chat, found, bot=self.bot, topic=self.topic)
        return row, transaction.read(tenant_of_chat, row)


async def show(client: Client, *, as_json: bool) -> None:
    """Print what is known of a client. Raises Wrong."""

    def work(transaction: Transaction) -> list[dict[str, str]]:
        chat, tenant = client.find(transaction)
        return [asdict(one) for one in transaction.read(facts_of, chat=chat, tenant=tenant)]

    found = await change(work)
    rows = [tuple(one.values()) for one in found]
    tell(align([HEADINGS, *rows]) if rows else "Nothing yet.", found, as_json=as_json)


async def set_fact(client: Client, name: str, value: str | None, *, as_json: bool) -> None:
    """Note a fact, or forget it where there is no value. Raises Wrong."""
    if not _NAME.fullmatch(name):
        raise Wrong(f"“{name}” is no name: at most 32 of a-z, 0-9, - and _, a letter first")
    if value is not None and not 0 < len(one_line(value, len(value) + 1)) <= LONGEST_VALUE:
        raise Wrong(f"a value is one line of at most {LONGEST_VALUE} characters")

    def work(transaction: Transaction) -> None:
        chat, tenant = client.find(transaction)
        kept = None if value is None else one_line(value, LONGEST_VALUE)
        if not transaction.do(SetFact(tenant, chat, name, kept, HOST, time.time())):
            refused = f"there is no “{name}”" if value is None else f"there are {MOST} already"
            raise Wrong(f"{refused}; `sportello clients show {client.chat}` lists them")

    await change(work)
    done = f"{name}: forgotten" if value is None else f"{name}: noted"
    tell(done, {"name": name, "value": value}, as_json=as_json)

"""`sportello tools`: what assistants can look up or do."""

import asyncio
import traceback
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.cli.clients import Client
from bot.cli.console import Wrong, align, echo, tell
from bot.cli.database import change
from bot.cli.start import begin
from bot.core.calls import Effect
from bot.errors import ToolError
from bot.front.here import profile_of
from bot.net.outside import NoReply, open_outside
from bot.ops.vault import KeyVault
from bot.ports import Tool, ToolContext
from bot.settings import environment
from bot.tools.company.toolbox import declared_tool
from bot.tools.kit.discovery import discover
from bot.tools.kit.function import FunctionTool
from bot.tools.kit.toolbox import FileToolbox
from bot.turns.zones import clock_of
from db.company_tools import CompanyTool, tools_of
from db.facts import facts_of
from db.tenants import named_tenant
from db.transaction import Transaction
from tenants.profile import Profile

HEADINGS: Final = ("NAME", "EFFECT", "ASKS FIRST", "FILE")
NOBODY: Final = 0  # no chat has this number
_OFF: Final = "What companies declare for themselves is switched off: TENANT_TOOLS"


@dataclass(frozen=True, slots=True)
class Whose:
    """For which company, and which of its clients, a tool is called."""

    tenant: str | None
    chat: str | None


async def list_all(tenant: str | None, *, as_json: bool) -> None:
    """Print the tools, of a tenant with what it has declared for itself."""
    async with _tools(tenant) as tools:
        found = tools.values()
        rows = [(one.definition.name, one.effect, _asks(one), _where(one)) for one in found]
        tell(align([HEADINGS, *rows]), [_told(one) for one in found], as_json=as_json)


def _asks(tool: Tool) -> str:
    return "yes" if tool.confirm else "no"


def _where(tool: Tool) -> str:
    return f"{tool.file}:{tool.line}" if isinstance(tool, FunctionTool) else tool.host


def _told(tool: Tool) -> dict[str, object]:
    return {
        "name": tool.definition.name,
        "description": tool.definition.description,
        "effect": tool.effect.value,
        "confirm": tool.confirm,
        "idempotent": tool.idempotent,
        "probe": tool.probes,
        "timeout": tool.timeout,
        "host" if tool.host else "file": _where(tool),
    }


async def check() -> None:
    """Print what is to be mended. Raises Wrong when there is something."""
    found = discover(begin().tools_dir, environment())
    for fault in found.faults:
        echo(str(fault))
    if found.faults:
        count = len(found.faults)
        raise Wrong("there is a problem to mend" if count == 1 else f"{count} problems")
    echo(f"All can be used: {', '.join(found.tools)}")


async def call(name: str, arguments: str, *, whose: Whose, yes: bool) -> None:
    """Carry out a call and print its output. Raises Wrong."""
    async with _tools(whose.tenant) as tools:
        if name not in tools:
            told = f"there is no tool “{name}”; there are {', '.join(tools)}"
            raise Wrong(told if begin().tenant_tools or not whose.tenant else f"{told}. {_OFF}")
        tool = tools[name]
        if tool.effect is Effect.WRITE and not yes:
            raise Wrong(f"{name} changes something, and this would be real: say --yes to do it")
        echo(await _call(tool, await _context(whose, tool.timeout), arguments))


async def _call(tool: Tool, context: ToolContext, arguments: str) -> str:
    name = tool.definition.name
    try:
        async with asyncio.timeout(tool.timeout):
            return await tool.call(context, arguments)
    except ToolError as error:
        raise Wrong(str(error)) from None
    except NoReply:
        raise Wrong(f"{name} was not answered: nobody knows whether it was carried out") from None
    except TimeoutError:
        raise Wrong(f"{name} took longer than {tool.timeout:g} seconds") from None
    except Exception as error:  # whatever a host's function does
        raise Wrong(f"{name} failed: {type(error).__name__} in {_place(error)}") from None


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename}:{last.lineno}"


@asynccontextmanager
async def _tools(tenant: str | None) -> AsyncIterator[Mapping[str, Tool]]:
    """Those of the server, and what a tenant has declared, where the host lets it."""
    settings = begin()
    tools: dict[str, Tool] = {**FileToolbox(settings.tools_dir, environment()).load()}
    if tenant is None or not settings.tenant_tools:
        yield tools
        return
    vault = KeyVault.open(settings.secret_key)
    rows = await change(partial(_declared, tenant))
    async with open_outside(settings.tenant_tools_inside) as outside:
        for row in rows:
            if (tool := declared_tool(row, vault, outside)) and row.name not in tools:
                tools[row.name] = tool
        yield dict(sorted(tools.items()))


def _declared(tenant: str, transaction: Transaction) -> Sequence[CompanyTool]:
    return transaction.read(tools_of, transaction.read(named_tenant, tenant).id)


async def _context(whose: Whose, seconds: float) -> ToolContext:
    profile, chat, facts = Profile(), NOBODY, dict[str, str]()
    if whose.tenant:
        profile, chat, facts = await change(partial(_known, whose.tenant, whose.chat))
    elif whose.chat:
        raise Wrong("--chat needs --tenant: of which company it is the client")
    return ToolContext(
        tenant=whose.tenant or "",
        chat=chat,
        language=profile.language,
        key=f"by-hand-{uuid.uuid4().hex}",
        now=datetime.now(clock_of(profile.time_zone)),
        seconds=seconds,
        facts=facts,
        hours=profile.hours,
    )


def _known(
    tenant: str, chat: str | None, transaction: Transaction
) -> tuple[Profile, int, dict[str, str]]:
    company = transaction.read(named_tenant, tenant)
    if chat is None:
        return profile_of(company), NOBODY, {}
    row, _ = Client(chat).find(transaction)
    facts = transaction.read(facts_of, chat=row, tenant=company.id)
    return profile_of(company), row, {fact.name: fact.value for fact in facts}

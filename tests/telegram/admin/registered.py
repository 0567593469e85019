"""The commands of the desk, as every bot has them."""

from collections.abc import Sequence
from typing import Any

from bot.ops.vault import KeyVault
from bot.telegram.account import Account, BotIdentity
from bot.telegram.admin.command import Command
from bot.telegram.admin.history import HistoryCommand
from bot.telegram.admin.home import HomeCommand
from bot.telegram.admin.knowledge import KnowledgeCommand
from bot.telegram.admin.preview import DoneCommand, PreviewCommand
from bot.telegram.admin.publish import PublishCommand
from bot.telegram.admin.setup import SetupCommand
from bot.telegram.office import Office
from bot.turns.redact import Redaction
from tests.fakes.tools import FakeToolbox

NOTHING: Any = None  # behind the commands: none of them is opened


def commands() -> Sequence[Command]:
    """Each of them."""
    office = Office(
        database=NOTHING,
        journal=NOTHING,
        channels={},
        clock=NOTHING,
        telemetry=NOTHING,
        redaction=Redaction(NOTHING, KeyVault(), NOTHING, {}),
        hosts=frozenset(),
        model="",
        menus=NOTHING,
        catalogue=NOTHING,
        toolbox=FakeToolbox(declares=True),
        fence=NOTHING,
        versions=(
            SetupCommand(NOTHING, NOTHING, NOTHING, NOTHING),
            KnowledgeCommand(NOTHING, "", NOTHING),
            PreviewCommand(NOTHING),
            DoneCommand(),
            PublishCommand(NOTHING, NOTHING, NOTHING),
            HistoryCommand(NOTHING),
        ),
        resume=NOTHING,
        connect=NOTHING,
        host=1,
        bots_changed=NOTHING,
        attention=NOTHING,
        closed=NOTHING,
    )
    account = Account(BotIdentity(1, "bot", "Bot"), NOTHING)
    home = HomeCommand(NOTHING, NOTHING, NOTHING, shared=True)
    return [home, *office.commands(account, NOTHING)]

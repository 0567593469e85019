"""The commands about drafts and versions, put together."""

from collections.abc import Callable

from bot.telegram.account import TelegramBot
from bot.telegram.admin.command import Command
from bot.telegram.admin.history import HistoryCommand
from bot.telegram.admin.knowledge import KnowledgeCommand
from bot.telegram.admin.preview import DoneCommand, PreviewCommand
from bot.telegram.admin.publish import PublishCommand
from bot.telegram.admin.setup import SetupCommand
from bot.telegram.admin.showcase import Showcase
from bot.telegram.admin.trying import Trying
from bot.turns.aside import Aside
from bot.turns.budget import Allowance
from bot.turns.engine import Engine, Rules
from bot.turns.patience import lengthened
from bot.turns.trial import Trial


def trials(engine: Engine, rules: Rules) -> Trying:
    """What asks questions on a draft."""
    outside = engine.outside
    trial = Trial(
        outside.model,
        outside.journal,
        outside.clock,
        outside.telemetry,
        rules.model,
        rules.effort,
        Allowance(outside.database, outside.clock, rules.daily_token_limit),
        lengthened(rules.patience_seconds, effort=rules.effort),
    )
    aside = Aside(outside.journal, outside.database, engine.lanes, outside.clock)
    return Trying(trial, aside, engine.tasks)


def version_commands(
    engine: Engine,
    rules: Rules,
    trying: Trying,
    bot_of: Callable[[int], TelegramBot | None],
) -> tuple[Command, ...]:
    """/setup and what leads to a version. `bot_of`: a bot of this process, by its id."""
    outside = engine.outside
    showcase = Showcase(outside.database, outside.journal, bot_of)
    knowledge = KnowledgeCommand(outside.database, rules.model)
    publish = PublishCommand(outside.database, trying, showcase)
    return (
        SetupCommand(outside.database, knowledge, publish, trying),
        knowledge,
        PreviewCommand(outside.database),
        DoneCommand(),
        publish,
        HistoryCommand(outside.database),
    )

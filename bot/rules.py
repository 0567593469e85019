"""How turns are to be taken, as the host has set it."""

from bot.settings import Settings
from bot.turns.doubt import InDoubtPolicy
from bot.turns.engine import Rules
from bot.turns.speech import Limits
from db.portions import Portion
from db.retention import Retention
from db.window import Window
from tenants.profile import Pace


def rules_of(settings: Settings) -> Rules:
    """As `bot.turns` asks for it; what a company may set otherwise is its profile's."""
    return Rules(
        model=settings.openai_model,
        effort=settings.effort,
        window=Window(
            quiet=settings.turn_quiet_seconds,
            cap=settings.turn_max_wait_seconds,
            turns_per_minute=settings.turns_per_minute,
        ),
        pace=Pace(settings.pace) if settings.pace else None,
        waiting_seconds=settings.waiting_seconds,
        patience_seconds=settings.turn_patience_seconds,
        daily_token_limit=settings.daily_token_limit,
        portion=Portion(settings.turn_max_messages, settings.turn_max_characters),
        retention=Retention(settings.retention_days, settings.retention_records_days),
        limits=Limits(settings.reply_max_bubbles, settings.reply_max_characters),
        in_doubt=InDoubtPolicy(settings.in_doubt),
        hosts=settings.admin_ids,
    )

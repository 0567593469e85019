"""Arguments and options that commands of several groups take."""

from typing import Annotated, Final

import typer

# A group's chat id is negative, and would be taken for an option.
NEGATIVE_NUMBERS: Final = {"ignore_unknown_options": True}
ID_BITS: Final = 52  # core.telegram.org/bots/api#chat: no id has more


def _telegram_id(value: int | None) -> int | None:
    if value is not None and abs(value) >= 1 << ID_BITS:
        raise typer.BadParameter(f"{value} is longer than any id of Telegram's")
    return value


AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON; times are epoch seconds.")]
TenantName = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's name.")]
OnlyTenant = Annotated[str | None, typer.Argument(metavar="TENANT", help="Only this tenant's.")]
UserId = Annotated[
    int,
    typer.Argument(metavar="USER", help="Telegram's id of the person.", callback=_telegram_id),
]
ChatId = Annotated[
    str,
    typer.Argument(
        metavar="CHAT",
        help="The channel's id of the chat; that of a group in Telegram is negative.",
    ),
]
BotId = Annotated[
    int | None,
    typer.Option(help="The bot's id, if several bots know the chat.", callback=_telegram_id),
]
TopicId = Annotated[
    int | None,
    typer.Option(
        help="The topic's id, if the chat has topics; 0 is no topic.", callback=_telegram_id
    ),
]

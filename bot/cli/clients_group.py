"""`sportello clients`: names, arguments and help. What a command does is imported when it runs."""

from typing import Annotated

import typer

from bot.cli.arguments import NEGATIVE_NUMBERS, AsJson, BotId, ChatId, TopicId
from bot.cli.console import carry_out

clients = typer.Typer(
    help="Clients: what a company knows of them, and its assistant is told.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
FactName = Annotated[
    str, typer.Argument(metavar="NAME", help="Such as room: a-z, 0-9, - and _, at most 32.")
]


@clients.command("show", context_settings=NEGATIVE_NUMBERS)
def show_client(
    chat: ChatId, *, bot: BotId = None, topic: TopicId = None, as_json: AsJson = False
) -> None:
    """List what is known of a client, to the company that the chat talks to.

    What came with a link (`?start=campaign-42`) stands there as start, from: link.
    """
    from bot.cli import clients as work

    carry_out(work.show(work.Client(chat, bot, topic), as_json=as_json))


@clients.command("set", context_settings=NEGATIVE_NUMBERS)
def set_fact(
    chat: ChatId,
    name: FactName,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="One line of at most 200 characters.")
    ],
    *,
    bot: BotId = None,
    topic: TopicId = None,
    as_json: AsJson = False,
) -> None:
    """Note something about a client, in the place of what went by that name.

    The assistant is told it with every further message, and takes it for true. It is kept as long
    as the words of the chat, and goes with /forget. The audit has its name, never the value.
    """
    from bot.cli import clients as work

    carry_out(work.set_fact(work.Client(chat, bot, topic), name, value, as_json=as_json))


@clients.command("unset", context_settings=NEGATIVE_NUMBERS)
def unset_fact(
    chat: ChatId,
    name: FactName,
    *,
    bot: BotId = None,
    topic: TopicId = None,
    as_json: AsJson = False,
) -> None:
    """Forget what was noted about a client under a name."""
    from bot.cli import clients as work

    carry_out(work.set_fact(work.Client(chat, bot, topic), name, None, as_json=as_json))

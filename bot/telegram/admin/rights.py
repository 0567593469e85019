"""What each command, button and answer needs: what is not named is nobody's."""

from collections.abc import Callable, Mapping, Sequence

from bot.telegram.admin.visit import Command
from bot.turns.events import Work
from db.chats import ChatWork
from db.records import Draft
from tenants.permissions import Action, Role, may


class Denied(Exception):
    """Who acts may not do so any more: nothing was done."""


def to_press(command: Command, words: str) -> Action | None:
    """What a button needs; None: the command has no such button. Without words it is `open`."""
    verb = next(iter(words.split()), "")
    return command.presses.get(verb) if verb else command.action


def ensure_named(commands: Sequence[Command], files: Mapping[str, str]) -> None:
    """Raises ValueError where it is not said what something needs."""
    for command in commands:
        named: list[Action | None] = [command.action, *command.presses.values()]
        named += [command.answers] if command.answers or command.name in files else []
        if not all(isinstance(action, Action) for action in named):
            raise ValueError(f"/{command.name} does not name what each thing needs")


def while_allowed(work: Work, role: Callable[[ChatWork], Role | None], action: Action) -> Work:
    """The same, if the role allows it in the transaction that does it. Raises Denied."""

    def allowed(chat: ChatWork) -> Sequence[Draft]:
        if not may(role(chat), action):
            raise Denied(action)
        return work(chat)

    return allowed

"""A command of the desk: what it does, and what each way into it needs.

No way in is open by default: a method that is not named is never called. What is named without its
action, or has nothing to do when it is typed, is a TypeError when the program starts.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, TypeVar

from bot.telegram.admin.visit import Step, Visit
from tenants.permissions import Action

# In the place of a question: what comes was not asked for, and it is not known for which company.
UNASKED: Final = "unasked"
WHICH: Final = "which"
Enter = Callable[..., Awaitable[Step]]
Method = TypeVar("Method", bound=Enter)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A method that only those reach who may. Raises TypeError where the action is not named."""

    action: Action
    enter: Enter  # with the command, the visit, the words; of an answer, with the message

    def __post_init__(self) -> None:
        if not isinstance(self.action, Action):
            raise TypeError(f"{self.enter.__qualname__} does not name what it needs")


def on_press(action: Action, *verbs: str) -> Callable[[Method], Method]:
    """The method takes the buttons whose words begin so; "" is a button without words."""
    return _guarded("presses", action, verbs)


def on_answer(action: Action, *verbs: str) -> Callable[[Method], Method]:
    """The method takes the messages in answer to the questions (`asking`) that begin so."""
    return _guarded("answers", action, verbs)


def _guarded(kind: str, action: Action, verbs: Sequence[str]) -> Callable[[Method], Method]:
    def named(method: Method) -> Method:
        guarded = Guarded(action, method)
        vars(method).setdefault(kind, []).extend((verb, guarded) for verb in verbs)
        return method

    return named


class Command(ABC):
    """A command states what it does; the desk has checked what the visitor may do.

    `name`: as it is typed, without the slash; also the first part of its buttons' data. `action`:
    what it needs. `needs_tenant`: whether it is about one tenant. `file`: the question that a file
    answers which has the command for its caption.
    """

    name: ClassVar[str]
    action: ClassVar[Action]
    needs_tenant: ClassVar[bool] = True
    file: ClassVar[str] = ""
    presses: ClassVar[Mapping[str, Guarded]]
    answers: ClassVar[Mapping[str, Guarded]]

    def __init_subclass__(cls) -> None:
        cls.presses = {"": Guarded(vars(cls).get("action"), cls.open), **_named(cls, "presses")}  # type: ignore[arg-type]  # it refuses what is no action
        cls.answers = _named(cls, "answers")
        if cls.file and verb_of(cls.file) not in cls.answers:
            raise TypeError(f"{cls.__name__} does not name what a file needs")

    @classmethod
    def offers(cls, visit: Visit, verb: str) -> bool:
        """Whether the visitor may press a button whose words begin so."""
        return visit.may(cls.presses[verb].action)

    def needs(self, words: str) -> Action:
        """What it needs when it is typed, with these words after it."""
        return self.action

    @abstractmethod
    async def open(self, visit: Visit, words: str) -> Step:
        """It was typed, with `words` after it, or a button without words was pressed."""


def verb_of(words: str) -> str:
    """By what the words of a button, or a question, are known."""
    return next(iter(words.split()), "")


def _named(command: type[Command], kind: str) -> Mapping[str, Guarded]:
    found: dict[str, Guarded] = {}
    for method in vars(command).values():
        for verb, guarded in getattr(method, kind, ()):
            if found.setdefault(verb, guarded) is not guarded:
                raise TypeError(f"{command.__name__} names “{verb}” twice in its {kind}")
    return found


class Denied(Exception):
    """Who acts may not do so any more: nothing was done."""

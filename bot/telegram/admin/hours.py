"""Opening hours that somebody typed: shown back as they were understood, and kept once agreed."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from bot.core.texts import say
from bot.core.texts.setup import Hours as Say
from bot.telegram.admin.release import stale
from bot.telegram.admin.state import state_now
from bot.telegram.admin.visit import (
    Card,
    Rows,
    Step,
    Visit,
    asked,
    asking,
    button,
    headed,
    seen,
    showing,
)
from db.chats import ChatWork
from db.records import Draft
from tenants.form import Changes
from tenants.profile import Profile

FIELD: Final = "opening_hours"
AGREE: Final = "agree"  # the word of the button that keeps them


def are_all(read: Changes) -> bool:
    """Whether opening hours, and nothing else, were typed."""
    return [*read.values] == [FIELD] and bool(read.values[FIELD])


def show_back(visit: Visit, read: Changes, command: str, *, again: str, whose: str = "") -> Step:
    """Ask whether they are right; `again` are the words of the button that asks anew.

    `whose`: a private assistant, if they are its own.
    """
    language = visit.language
    hours = "\n".join(read.profile.hours_in(language))
    typed = stored(read.profile, whose)
    rows: Rows = [
        [button(say(Say.AGREE, language), command, visit.here, f"{AGREE} {seen(typed)}")],
        [button(say(Say.AGAIN, language), command, visit.here, again)],
    ]
    text = headed(visit, say(Say.UNDERSTOOD, language, hours=hours))
    return asking(showing(Card(text, rows)), command, visit, f"{FIELD} {typed}")


def noted(visit: Visit, card: Card, read: Changes, command: str, *, again: str) -> Card:
    """The card of several changes at once, and how the opening hours among them were read."""
    if not read.values.get(FIELD):
        return card
    language = visit.language
    text = say(Say.NOTED, language, hours="\n".join(read.profile.hours_in(language)))
    key = button(say(Say.AGAIN, language), command, visit.here, again)
    return Card(f"{card.text}\n\n{text}", [[key], *card.rows])


def stored(profile: Profile, whose: str = "") -> str:
    """How they stand in what is asked."""
    return f"{whose} ".lstrip() + "\n".join(profile.opening_hours)


def agreed(
    visit: Visit, command: str, looked_at: str, keep: Callable[[ChatWork, str], Sequence[Draft]]
) -> Step:
    """Keep what was shown back last in this chat, if it is what was looked at.

    `keep` puts them into the draft. A second press, of who was faster than the key could go, finds
    them kept and says nothing.
    """

    def work(chat: ChatWork) -> Sequence[Draft]:
        form = asked(chat.asked() or "{}")
        typed = str(form.get("step", "")).removeprefix(f"{FIELD} ")
        mine = (form.get("command"), form.get("tenant")) == (command, visit.here.id)
        if not mine or seen(typed) != looked_at:
            drafted = _drafted(state_now(chat, visit).profile)
            return () if looked_at in map(seen, drafted) else stale(visit, command)(chat)
        chat.ask(None)
        return keep(chat, typed)

    return Step(work, spent=True)


def _drafted(profile: Profile) -> Collection[str]:
    its = (stored(profile.assistant(name), name) for name in profile.assistants)
    return [stored(profile), *its]

"""Opening hours that somebody typed: shown back as they were understood, and kept once agreed."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.core.texts import say
from bot.core.texts.profile import Hours as Say
from bot.telegram.admin.release import stale
from bot.telegram.admin.state import redraft, state_now
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


def show_back(visit: Visit, read: Changes, command: str, *, again: str) -> Step:
    """Ask whether they are right; `again` are the words of the button that asks anew."""
    language = visit.language
    hours = "\n".join(read.profile.hours_in(language))
    kept = "\n".join(read.profile.opening_hours)
    rows: Rows = [
        [button(say(Say.AGREE, language), command, visit.here, f"{AGREE} {seen(kept)}")],
        [button(say(Say.AGAIN, language), command, visit.here, again)],
    ]
    text = headed(visit, say(Say.UNDERSTOOD, language, hours=hours))
    return asking(showing(Card(text, rows)), command, visit, f"{FIELD} {kept}")


def agreed(
    visit: Visit,
    command: str,
    looked_at: str,
    told: Callable[[ChatWork, Profile, Profile], Sequence[Draft]],
) -> Step:
    """Keep what was shown back last in this chat, if it is what was looked at.

    `told`, of the profile before and after. A second press, of who was faster than the key could
    go, finds them kept and says nothing.
    """

    def work(chat: ChatWork) -> Sequence[Draft]:
        form = asked(chat.asked() or "{}")
        kept = str(form.get("step", "")).removeprefix(f"{FIELD} ")
        mine = (form.get("command"), form.get("tenant")) == (command, visit.here.id)
        if not mine or seen(kept) != looked_at:
            drafted = "\n".join(state_now(chat, visit).profile.opening_hours)
            return () if seen(drafted) == looked_at else stale(visit, command)(chat)
        chat.ask(None)
        return told(chat, *redraft(chat, visit, {FIELD: kept}))

    return Step(work, spent=True)

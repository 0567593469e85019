"""Opening hours that somebody typed: shown back as they were understood, and kept once agreed."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.core.texts import say
from bot.core.texts.profile import Hours as Say
from bot.telegram.admin.release import stale
from bot.telegram.admin.state import redraft
from bot.telegram.admin.visit import Card, Rows, Step, Visit, asked, asking, button, headed, showing
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
    rows: Rows = [
        [button(say(Say.AGREE, language), command, visit.here, AGREE)],
        [button(say(Say.AGAIN, language), command, visit.here, again)],
    ]
    text = headed(visit, say(Say.UNDERSTOOD, language, hours=hours))
    kept = "; ".join(read.profile.opening_hours)
    return asking(showing(Card(text, rows)), command, visit, f"{FIELD} {kept}")


def agreed(
    visit: Visit, command: str, told: Callable[[ChatWork, Profile, Profile], Sequence[Draft]]
) -> Step:
    """Keep what was shown back last in this chat; `told`, of the profile before and after."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        form = asked(chat.asked() or "{}")
        step = str(form.get("step", ""))
        mine = (form.get("command"), form.get("tenant")) == (command, visit.here.id)
        if not mine or not step.startswith(f"{FIELD} "):
            return stale(visit, command)(chat)
        chat.ask(None)
        return told(chat, *redraft(chat, visit, {FIELD: step.removeprefix(f"{FIELD} ")}))

    return Step(work)

"""What /setup shows: one question at a time, with the ways on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.desk import Admins
from bot.core.texts.profile import Versions
from bot.core.texts.setup import Setup as Say
from bot.telegram.admin.company_card import link_for_clients, pages
from bot.telegram.admin.fields import label
from bot.telegram.admin.setup_tasks import VOICES, Task, tasks_of
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card, Rows, Visit, button, headed
from db.company_now import CompanyNow
from tenants.permissions import Role
from tenants.profile import Profile
from tenants.trades import Trade, questions

NAME: Final = "setup"
_TRIES: Final = 3


def task_card(visit: Visit, state: State, task: Task) -> Card:
    """The question of a task, and what may be tapped."""
    made = _CARDS[task](visit, state)
    known = tasks_of(visit.role)
    place = say(Say.PLACE, visit.language, number=known.index(task) + 1, count=len(known))
    return Card(headed(visit, f"{place}\n\n{made.text}"), [*made.rows, ways_on(visit, task)])


def ways_on(visit: Visit, task: Task, way: Say = Say.SKIP) -> Sequence[InlineKeyboardButton]:
    """On without an answer, or no further today."""
    on, later = say(way, visit.language), say(Say.LATER, visit.language)
    return [_press(visit, on, f"skip {task}"), _press(visit, later, "later")]


def taken(visit: Visit, profile: Profile) -> Card:
    """What was sent is known; more may come."""
    known = "".join((profile.knowledge, *(source.text for source in profile.sources)))
    text = say(Say.KNOWLEDGE_TAKEN, visit.language, pages=pages(known, visit.language))
    return Card(headed(visit, text), [ways_on(visit, Task.KNOWLEDGE, Say.NEXT)])


def tried(visit: Visit, profile: Profile, asked: str, *, question: str, said: str) -> Card:
    """A question and what the draft answers; `asked` are the numbers of those that were tried."""
    text = say(Say.TRIED, visit.language, question=question, answer=said)
    rows = [*_questions(visit, profile, asked), ways_on(visit, Task.TRY, Say.NEXT)]
    return Card(headed(visit, text), rows)


def chosen(visit: Visit, what: str) -> Card:
    """In the place of a question that was answered with a tap."""
    return Card(headed(visit, say(Say.CHOSEN, visit.language, what=what)), over=True)


def finished(visit: Visit, now: CompanyNow) -> Card:
    """All is done: where clients find it, and a key for each thing that was asked."""
    language, link = visit.language, link_for_clients(now)
    done = say(Say.DONE_LINK, language, link=link) if link else say(Say.DONE, language)
    keys = [_press(visit, label(_FIELDS[task], language), f"at {task}") for task in _FIELDS]
    if Task.BOT in tasks_of(visit.role) and not now.own_bot:
        keys.append(_press(visit, say(Say.OWN_BOT, language), f"at {Task.BOT}"))
    rows = [keys[at : at + 2] for at in range(0, len(keys), 2)]
    if [*visit.roles] == [Role.HOST]:  # who only runs the service is told of no client
        rows.append([button(say(Admins.ADD_ME, language), "admins", visit.here, "join")])
    return Card(headed(visit, f"{done}\n\n{say(Say.CHANGE, language)}"), rows)


def trade_name(trade: Trade, language: str) -> str:
    """What a trade is called."""
    return say(Say(f"trade_{trade}"), language)


def voice_name(voice: str, language: str) -> str:
    """What a way to sound is called."""
    return say(Say(f"voice_{voice}"), language)


# ---------------------------------------------------------------- each question


def _trade(visit: Visit, _: State) -> Card:
    each = [
        button(trade_name(trade, visit.language), NAME, visit.here, f"trade {trade}")
        for trade in Trade
    ]
    rows = [each[at : at + 2] for at in range(0, len(each), 2)]
    return Card(say(Say.TRADE, visit.language), rows)


def _asking(text: Say) -> Callable[[Visit, State], Card]:
    return lambda visit, _: Card(say(text, visit.language))


def _voice(visit: Visit, state: State) -> Card:
    spoken = state.profile.language
    samples = [
        f"{voice_name(voice, visit.language)}\n{say(Say(f'sample_{voice}'), spoken)}"
        for voice in VOICES
    ]
    rows = [
        [button(voice_name(voice, visit.language), NAME, visit.here, f"voice {voice}")]
        for voice in VOICES
    ]
    return Card("\n\n".join((say(Say.VOICE, visit.language), *samples)), rows)


def _try(visit: Visit, state: State) -> Card:
    return Card(say(Say.TRY, visit.language), _questions(visit, state.profile, ""))


def _questions(visit: Visit, profile: Profile, asked: str) -> Rows:
    """Those that were not tried yet, in the words in which they are asked."""
    return [
        [button(question, NAME, visit.here, f"ask {number} {asked}".strip())]
        for number, question in enumerate(questions(profile)[:_TRIES])
        if str(number) not in asked
    ]


def _publish(visit: Visit, state: State) -> Card:
    if state.draft is None:
        return Card(say(Versions.NOTHING_TO_PUBLISH, visit.language))
    text = say(Say.PUBLISH, visit.language)
    if not state.profile.contact:
        text = f"{text}\n\n{say(Versions.NO_CONTACT, visit.language)}"
    words = f"publish {visit.here.version}.{state.draft.revision}"
    return Card(text, [[_press(visit, say(Say.PUBLISH_NOW, visit.language), words)]])


def _bot(visit: Visit, _: State) -> Card:
    rows = [
        [button(say(Say.BOT_PASTE, visit.language), "bots", visit.here, "add")],
        [button(say(Say.BOT_OTHERWISE, visit.language), "bots", visit.here, "list")],
    ]
    return Card(say(Say.BOT, visit.language), rows)


_FIELDS: Final[Mapping[Task, str]] = {  # what a task is mostly about
    Task.TRADE: "sector",
    Task.KNOWLEDGE: "knowledge",
    Task.HOURS: "opening_hours",
    Task.CONTACT: "contact",
    Task.VOICE: "tone",
    Task.TRY: "test_questions",
}
_CARDS: Final[Mapping[Task, Callable[[Visit, State], Card]]] = {
    Task.TRADE: _trade,
    Task.KNOWLEDGE: _asking(Say.KNOWLEDGE),
    Task.HOURS: _asking(Say.HOURS),
    Task.CONTACT: _asking(Say.CONTACT),
    Task.VOICE: _voice,
    Task.TRY: _try,
    Task.PUBLISH: _publish,
    Task.BOT: _bot,
}


def _press(visit: Visit, label: str, words: str) -> InlineKeyboardButton:
    return button(label, NAME, visit.here, words)

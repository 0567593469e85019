"""What /admins shows: cards about people and about the links that invite them."""

from collections.abc import Sequence
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.desk import Admins as Say
from bot.telegram.admin.moments import moment, shown_day
from bot.telegram.admin.roles import OF_A_TENANT, explained_role, role_name
from bot.telegram.admin.visit import Card, Visit, answer, button, headed
from db.chats import ChatWork
from db.invites import OpenInvite
from db.people import Person
from db.records import Draft

DURATIONS_DAYS: Final = (0, 7, 30, 90, 365)  # 0: for good


def outcome(
    visit: Visit, text: str, chat: ChatWork, *more: InlineKeyboardButton
) -> Sequence[Draft]:
    """What came of it, and the way back to the list."""
    rows = [row(visit, say(Say.BACK, visit.language), "list"), *([one] for one in more)]
    return answer(headed(visit, text), rows=rows).work(chat)


def which_role(visit: Visit) -> Card:
    """The first question about an invitation."""
    language = visit.language
    text = "\n".join([say(Say.WHICH_ROLE, language), "", *explained_role(language)])
    rows = [row(visit, role_name(role, language), f"invite {role}") for role in OF_A_TENANT]
    return Card(headed(visit, text), [*rows, row(visit, say(Say.BACK, language), "list")])


def how_long(visit: Visit, role: str) -> Card:
    """The second one."""
    language = visit.language
    rows = [
        row(visit, _duration(days, language), f"invite {role} {days}") for days in DURATIONS_DAYS
    ]
    text = say(Say.HOW_LONG, language, role=role_name(role, language))
    return Card(headed(visit, text), [*rows, row(visit, say(Say.BACK, language), "invite")])


def about(visit: Visit, person: Person) -> Card:
    """One of the people, and what may be changed."""
    language = visit.language
    made = {role: say(Say.MAKE, language, role=role_name(role, language)) for role in OF_A_TENANT}
    who = person.user_id
    rows = [
        *(row(visit, made[role], f"make {who} {role}") for role in made if role != person.role),
        row(visit, say(Say.REMOVE, language), f"drop {who}"),
        row(visit, say(Say.BACK, language), "list"),
    ]
    text = f"{line(visit, person)}\n\n{say(Say.WHAT_TO_CHANGE, language)}"
    return Card(headed(visit, text), rows)


def really(visit: Visit, person: Person) -> Card:
    """Ask before a role is taken."""
    language, who = visit.language, person.user_id
    text = say(Say.REALLY_REMOVE, language, name=person.name, tenant=visit.company)
    yes = row(visit, say(Say.YES_REMOVE, language), f"gone {who}")
    return Card(headed(visit, text), [yes, row(visit, say(Say.BACK, language), f"who {who}")])


def invitation(visit: Visit, role: str, until: float | None, link: str) -> str:
    """What is forwarded to the one who is invited: it names the tenant itself."""
    words = {
        "name": visit.name,
        "tenant": visit.company,
        "role": role_name(role, visit.language),
        "link": link,
    }
    if until is None:
        return say(Say.INVITATION, visit.language, **words)
    return say(
        Say.INVITATION_UNTIL,
        visit.language,
        **words,
        until=shown_day(until, visit.language, zone=visit.zone),
    )


def line(visit: Visit, person: Person) -> str:
    """Somebody in the list."""
    language = visit.language
    role = role_name(person.role, language)
    if person.until is None:
        return say(Say.PERSON, language, name=person.name, role=role)
    until = shown_day(person.until, language, zone=visit.zone)
    return say(Say.PERSON_UNTIL, language, name=person.name, role=role, until=until)


def short(person: Person, language: str) -> str:
    """Somebody on a button."""
    return say(Say.PERSON, language, name=person.name, role=role_name(person.role, language))


def link_line(visit: Visit, link: OpenInvite) -> str:
    """A link that nobody used, in the list."""
    language = visit.language
    until = moment(link.expires_at, language, zone=visit.zone)
    return say(Say.LINK, language, role=role_name(link.role, language), until=until)


def voiding(visit: Visit, link: OpenInvite) -> str:
    """The button that voids it."""
    language = visit.language
    until = shown_day(link.expires_at, language, zone=visit.zone)
    return say(Say.VOID, language, role=role_name(link.role, language), until=until)


def _duration(days: int, language: str) -> str:
    return say(Say.DAYS, language, count=days) if days else say(Say.FOR_GOOD, language)


def row(visit: Visit, label: str, words: str) -> tuple[InlineKeyboardButton, ...]:
    """A button of /admins on a line of its own."""
    return (button(label, "admins", visit.here, words),)

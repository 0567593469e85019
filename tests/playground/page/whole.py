"""The long way on the page: every field, a bot of its own, a private assistant, a second admin."""

import re
from dataclasses import dataclass

from playwright.async_api import expect

from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.texts.desk import Admins, Bots
from bot.core.texts.profile import Assistants, CompanyCard, Configure, Knowledge, Versions
from bot.core.texts.setup import Hours, Setup
from bot.core.texts.tools import Tools
from bot.playground.telegram.records import Person
from bot.telegram.admin.configure_cards import NAMED, fields_of
from bot.telegram.admin.fields import choice, expected, label
from bot.telegram.admin.roles import role_name, what_it_allows
from tenants.fields import FIELDS
from tenants.permissions import Role
from tenants.values import Group, Kind
from tests.playground.page.guide import Guided
from tests.playground.page.walk import PATIENCE_MS, Walk

EXAMPLE = {"it": "Per esempio:", "en": "For example:"}  # what a card shows, a person may type


@dataclass(frozen=True, slots=True)
class Whole:
    """What is added to a company that answers."""

    bot: tuple[str, str]  # name and username
    private: str  # the name of an assistant
    secret: tuple[str, str, str]  # what it knows, what is asked, what the answer holds
    added: tuple[str, str, str]  # by the second admin, likewise


async def has_its_own_bot(walk: Walk, whole: Whole) -> None:
    """From the guide's last question: a bot is made, and its token pasted."""
    name, username = whole.bot
    token = await walk.gets_token(name, username)
    await walk.opens(walk.admin, walk.host)
    await walk.presses(walk.say(Setup.BOT_PASTE), then=_first_line(walk.say(Bots.ASK_TOKEN)))
    await walk.writes(token, then=walk.say(Setup.CHANGE))
    await expect(walk.page.locator(".row", has_text=token)).to_have_count(0)
    await walk.listens(username)


async def goes_through_every_field(walk: Walk, company: Guided) -> None:
    """One after the other by the key to the next, typing what each card gives for an example."""
    language = walk.admin.language_code or ""
    names = [name for group in Group for name in fields_of(group)]
    await walk.writes("/configure", then="🗣")
    await walk.presses(walk.say(CompanyCard.GROUP_COMPANY), then=f"{label(names[0], language)}:")
    await walk.presses(label(names[0], language), then=walk.say(Configure.SEND_VALUE))
    for name, after in zip(names, [*names[1:], None], strict=True):
        await walk.shoot(f"field-{name}")
        await _answers(walk, name, company)
        if after:
            told = _first_line(expected(after, language))
            await walk.presses(walk.say(Configure.BUTTON_NEXT), then=told)
    await publishes(walk)


async def _answers(walk: Walk, name: str, company: Guided) -> None:
    language, field = walk.admin.language_code or "", FIELDS[name]
    if name == "language":
        now = walk.say(Configure.CHOSEN, choice=choice(language, language))
        await walk.presses(now, then=walk.say(Configure.UNCHANGED))
    elif field.kind is Kind.CHOICE:
        other = choice(field.choices[-1], language)
        chosen = walk.button(walk.say(Configure.CHOSEN, choice=other))
        done = Configure.UNCHANGED if await chosen.count() else Configure.DRAFTED
        await (chosen if done is Configure.UNCHANGED else walk.button(other)).click()
        await walk.reads(walk.say(done))
    elif field.kind is Kind.TOOLS:
        for tool in (Tools.OPENING_HOURS, Tools.TAKE_REQUEST, Tools.REQUEST_FIELDS):
            await walk.button(walk.say(tool)).click()
            marked = walk.say(Configure.CHOSEN, choice=walk.say(tool))
            await expect(walk.button(marked)).to_be_visible(timeout=PATIENCE_MS)
    else:
        example = expected(name, language).partition(EXAMPLE[language])[2].strip()
        known = {NAMED: company.name, "contact": company.contact}
        done = Configure.UNCHANGED if name in known else Configure.DRAFTED
        if field.kind is Kind.HOURS:
            await walk.writes(example, then=_first_line(walk.say(Hours.UNDERSTOOD, hours="")))
            await walk.presses(walk.say(Hours.AGREE), then=walk.say(done))
        else:
            await walk.writes(known.get(name, example), then=walk.say(done))


async def publishes(walk: Walk) -> None:
    """What is drafted, from the card that says what changes."""
    await walk.writes("/publish", then=walk.say(Versions.ASK_PUBLISH))
    await walk.shoot("whole-publish")
    await walk.button(walk.say(Versions.PUBLISH)).click()
    told = walk.window.bubbles.filter(has_text=walk.say(Versions.PUBLISHED))
    await expect(told.last).to_be_visible(timeout=PATIENCE_MS)


async def makes_private(walk: Walk, whole: Whole) -> str:
    """An assistant behind a code, all by tapping; the code."""
    back, language = walk.say(Assistants.BACK_BUTTON), walk.admin.language_code or ""
    await walk.writes("/configure", then="🗣")
    await walk.presses(walk.say(CompanyCard.MORE), then=walk.say(CompanyCard.MORE_ABOUT))
    await walk.presses(walk.say(CompanyCard.PRIVATE), then=walk.say(Assistants.LIST_EMPTY))
    await walk.presses(walk.say(Assistants.NEW_BUTTON), then=walk.say(Assistants.ASK_NAME))
    await walk.writes(whole.private, then=walk.say(Assistants.CREATED, name=whole.private))
    await walk.presses(walk.say(Assistants.EDIT_BUTTON), then=walk.say(Assistants.WHICH_FIELD))
    await walk.presses(label("knowledge", language), then=walk.say(Configure.SEND_VALUE))
    await walk.writes(whole.secret[0], then=walk.say(Assistants.CHANGED))
    await walk.presses(back, then=walk.say(Assistants.WHICH_FIELD))
    await walk.presses(back, then=walk.say(Assistants.NO_CODES))
    await walk.presses(walk.say(Assistants.GENERATE_BUTTON), then=whole.private)
    code = walk.window.bubbles.last.locator("code")
    await expect(code).to_be_visible(timeout=PATIENCE_MS)
    said = str(await code.text_content())
    await walk.shoot("whole-code")
    await publishes(walk)
    return said


async def is_joined_by(walk: Walk, person: Person, whole: Whole) -> None:
    """A second admin, who adds something and publishes it."""
    language = walk.admin.language_code or ""
    await walk.writes("/admins", then=walk.say(Admins.NOBODY))
    await walk.presses(walk.say(Admins.INVITE), then=walk.say(Admins.WHICH_ROLE))
    role = role_name(Role.ADMIN, language)
    await walk.presses(role, then=walk.say(Admins.HOW_LONG, role=role))
    await walk.button(walk.say(Admins.FOR_GOOD)).click()
    invited = walk.window.bubbles.filter(has_text=re.compile(r"start=i_"))
    await expect(invited.last).to_be_visible(timeout=PATIENCE_MS)
    link = re.search(r"https://t\.me/\S+", await invited.last.inner_text())
    assert link is not None
    await walk.opens_link(link[0], person)
    await walk.page.locator("#start").click()
    await walk.reads(what_it_allows(Role.ADMIN, language))
    await walk.shoot("whole-joined")
    await walk.writes("/knowledge", then=walk.say(Knowledge.CARD))
    await walk.presses(walk.say(Knowledge.ADD), then=_first_line(walk.say(Knowledge.ASK_ADD)))
    await walk.writes(whole.added[0], then=walk.say(Knowledge.DRAFTED))
    await publishes(walk)


async def is_asked(walk: Walk, client: Person, whole: Whole, code: str) -> None:
    """A client on its own bot: what the second admin added; behind the code, what is private."""
    name, username = whole.bot
    await walk.opens_link(f"https://t.me/{username}", client)
    await expect(walk.page.locator("#head-status")).to_contain_text(name)
    await _is_answered(walk, *whole.added[1:])
    await _is_answered(walk, f"/unlock {code}", say(Access.OPENED, client.language_code))
    await _is_answered(walk, *whole.secret[1:])
    await walk.shoot("whole-guest")


async def _is_answered(walk: Walk, question: str, answer: str) -> None:
    await walk.window.write(question)
    answered = walk.window.bubbles.filter(has_text=answer)
    await expect(answered.first).to_be_visible(timeout=PATIENCE_MS)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]

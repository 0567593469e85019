"""/admins: who works for a tenant, in which role; inviting, changing, removing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.core.invitations import VALID_DAYS, digest
from bot.core.texts import say
from bot.core.texts.desk import Admins as Say
from bot.telegram.account import Account
from bot.telegram.admin.admins_cards import (
    DURATIONS_DAYS,
    about,
    how_long,
    invitation,
    line,
    link_line,
    outcome,
    really,
    row,
    short,
    voiding,
    which_role,
)
from bot.telegram.admin.command import Command, Denied, on_press
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.moments import moment
from bot.telegram.admin.pages import page_of
from bot.telegram.admin.roles import OF_A_TENANT, role_name
from bot.telegram.admin.visit import Card, Step, Visit, button, headed, home, showing
from bot.telegram.links import new_invitation, start_link
from bot.turns.duty import readers
from db.chats import ChatWork
from db.company_now import company_now
from db.engine import Database
from db.invites import Invite, OpenInvite, RevokeInvite, open_invites
from db.people import Appoint, Person, Refusal, Revoke, SetRole, people_of
from db.reach import reachable
from db.records import Draft
from db.seconds import DAY_SECONDS
from tenants.permissions import Action, Role

REFUSED: Final = {Refusal.UNKNOWN: Say.GONE, Refusal.LAST_OWNER: Say.LAST_OWNER}


@dataclass(frozen=True, slots=True)
class AdminsCommand(Command):
    """The people of the tenant in hand. `account` is the bot's, which the links open.

    `hosts`: those of the settings.
    """

    name = "admins"
    action = Action.ADMINS

    database: Database
    account: Account
    menus: Menus
    hosts: frozenset[int]

    async def open(self, visit: Visit, words: str) -> Step:
        """Everybody, and the links that nobody used yet."""
        return showing(await self._list(visit))

    @on_press(Action.ADMINS, "", "invite", "join", "void", "who", "make", "drop", "gone", "list")
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the buttons; what none of them is shows the list."""
        match words.split():
            case ["invite", *chosen] if not chosen or chosen[0] in OF_A_TENANT:
                return await self._invite(visit, *chosen[:2])
            case ["join"] if visit.role is Role.HOST:
                return self._join(visit)
            case ["void", number]:
                if link := await self._link(visit, number):
                    return self._void(visit, link)
            case [("who" | "make" | "drop" | "gone") as verb, user, *role]:
                if person := await self._person(visit, user):
                    return self._about(visit, person, verb, *role[:1])
            case ["list", first]:
                return Step(card=await self._list(visit, first))
        return Step(card=await self._list(visit))

    # ---------------------------------------------------------------- what is shown

    async def _list(self, visit: Visit, first: str = "") -> Card:
        here, now, language = visit.here.id, visit.now, visit.language
        people = await self.database.read(people_of, here, now)
        links = await self._links(visit)
        page = page_of([*people, *links], first)
        shown = [one for one in page.items if isinstance(one, Person)]
        open_links = [one for one in page.items if isinstance(one, OpenInvite)]
        lines = [say(Say.PEOPLE if people else Say.NOBODY, language)]
        lines += [f"• {line(visit, one)}" for one in shown]
        if unmet := await self._unmet(visit, shown):
            lines += ["", unmet]
        if open_links:
            lines += ["", say(Say.LINKS, language)]
            lines += [f"• {link_line(visit, link)}" for link in open_links]
        rows = [
            *(row(visit, short(one, language), f"who {one.user_id}") for one in shown),
            *(row(visit, voiding(visit, link), f"void {link.row}") for link in open_links),
            *page.turns(lambda label, at: button(label, self.name, visit.here, f"list {at}")),
            row(visit, say(Say.INVITE, language), "invite"),
        ]
        if visit.role is Role.HOST and visit.user_id not in [one.user_id for one in people]:
            rows.append(row(visit, say(Say.ADD_ME, language), "join"))
        return Card(headed(visit, "\n".join(lines)), rows)

    async def _unmet(self, visit: Visit, people: Sequence[Person]) -> str:
        """Who would be told of clients, and has opened none of the company's bots."""
        told = readers(private=False)
        unmet = {one.user_id: one.name for one in people if one.role in told}
        met = await self.database.read(
            reachable, unmet, bot_id=self.account.me.id, tenant=visit.here.id
        )
        for one in met:
            unmet.pop(int(one.address.chat_id), None)
        if not unmet:
            return ""
        link = f"https://t.me/{await self._bot(visit)}"
        return say(Say.NOT_MET, visit.language, names=", ".join(unmet.values()), link=link)

    async def _bot(self, visit: Visit) -> str:
        """The company's own bot, where there is one."""
        now = await self.database.read(company_now, visit.here)
        return now.own_bot or self.account.me.username

    async def _person(self, visit: Visit, user: str) -> Person | None:
        people = await self.database.read(people_of, visit.here.id, visit.now)
        return next((one for one in people if str(one.user_id) == user), None)

    async def _link(self, visit: Visit, row: str) -> OpenInvite | None:
        return next((one for one in await self._links(visit) if str(one.row) == row), None)

    async def _links(self, visit: Visit) -> Sequence[OpenInvite]:
        here, now = visit.here.id, visit.now
        return await self.database.read(open_invites, tenant=here, now=now, named=self.hosts)

    # ---------------------------------------------------------------- what is done

    async def _invite(self, visit: Visit, role: str = "", days: str = "") -> Step:
        """Ask for what is not known yet."""
        if not role:
            return Step(card=which_role(visit))
        if days not in map(str, DURATIONS_DAYS):
            return Step(card=how_long(visit, role))
        return self._make_link(visit, role, int(days), await self._bot(visit))

    def _join(self, visit: Visit) -> Step:
        """A host works for the company as well: what clients say is read by its people alone."""
        owner = Person(visit.user_id, visit.name, Role.OWNER)
        appoint = Appoint(visit.here.id, owner, visit.actor, visit.now)
        told = say(Say.ADDED_ME, visit.language)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(appoint)
            return outcome(visit, told, chat)

        return Step(work, spent=True, then=partial(self.menus.show_to, visit.user_id))

    def _about(self, visit: Visit, person: Person, verb: str, role: str = "") -> Step:
        if verb == "make" and role in OF_A_TENANT:
            return self._change(visit, person, role)
        if verb == "gone":
            return self._remove(visit, person)
        return Step(card=really(visit, person) if verb == "drop" else about(visit, person))

    def _make_link(self, visit: Visit, role: str, days: int, bot: str) -> Step:
        """The link is shown in the pressed message alone: it is nowhere in the database.

        It opens the company's own bot where there is one.
        """
        secret, expires_at = new_invitation(), visit.now + VALID_DAYS * DAY_SECONDS
        until = visit.now + days * DAY_SECONDS if days else None
        invite = Invite(
            digest=digest(secret),
            tenant=visit.here.id,
            role=role,
            expires_at=min(expires_at, until or expires_at),
            actor=visit.actor,
            now=visit.now,
            member_until=until,
        )
        told = say(
            Say.FORWARD,
            visit.language,
            until=moment(invite.expires_at, visit.language, zone=visit.zone),
        )

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(invite)
            return outcome(visit, told, chat, home(visit.language))

        told_to_forward = Card(invitation(visit, role, until, start_link(bot, secret)))
        return Step(work, card=told_to_forward, leads_home=False)

    def _void(self, visit: Visit, link: OpenInvite) -> Step:
        revoke = RevokeInvite(link.row, visit.here.id, visit.actor, visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            was_open = chat.do(revoke)
            return outcome(
                visit, say(Say.VOIDED if was_open else Say.NOT_OPEN, visit.language), chat
            )

        return Step(work, spent=True)

    def _change(self, visit: Visit, person: Person, role: str) -> Step:
        change = SetRole(
            tenant=visit.here.id,
            user_id=person.user_id,
            role=role,
            actor=visit.actor,
            now=visit.now,
            named=self.hosts,
        )
        old, new = role_name(person.role, visit.language), role_name(role, visit.language)
        done = say(Say.CHANGED, visit.language, name=person.name, old=old, new=new)
        return self._settle(visit, person, change, done)

    def _remove(self, visit: Visit, person: Person) -> Step:
        revoke = Revoke(visit.here.id, person.user_id, visit.actor, visit.now)
        done = say(Say.REMOVED, visit.language, name=person.name)
        return self._settle(visit, person, revoke, done)

    def _settle(self, visit: Visit, person: Person, operation: SetRole | Revoke, done: str) -> Step:
        def work(chat: ChatWork) -> Sequence[Draft]:
            refusal = chat.do(operation)
            if refusal is Refusal.NOT_GIVEN:
                raise Denied(self.action)
            said = say(REFUSED[refusal], visit.language) if refusal else done
            return outcome(visit, said + _shortened(chat, visit, person), chat)

        card = Card(headed(visit, line(visit, person)))
        return Step(work, card=card, then=partial(self.menus.show_to, person.user_id))


def _shortened(chat: ChatWork, visit: Visit, before: Person) -> str:
    """A role may end sooner than it did: whoever gave it has one that ends."""
    people = chat.read(people_of, visit.here.id, visit.now)
    ends = (one for one in people if one.user_id == before.user_id and one.until != before.until)
    return "".join(f"\n{line(visit, one)}" for one in ends)

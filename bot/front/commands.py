"""What a client can do besides talking: commands, keys, and what is not text."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.texts import Text, say
from bot.front.answers import Answers
from bot.front.event import ClientEvent
from bot.front.here import profile_of
from bot.ports import AnswerKey, NoTools, Toolbox
from bot.turns.events import Work
from db.chats import ChatWork
from db.facts import LINK, Fact
from db.records import TELEGRAM, Draft
from db.tenants import TenantRow
from tenants.profile import Profile

START = "start"  # the name of what a link brought
FORGET_YES, FORGET_NO = "forget:yes", "forget:no"
Refusal = Callable[[ChatWork], Sequence[Draft]]  # why something is not done; nothing where it is


class Place(StrEnum):
    """Where the model is that reads what clients write."""

    OPENAI = "openai"
    OTHER = "other"  # a server that the host has chosen
    HERE = "here"  # the offline model: in this process

    @classmethod
    def of(cls, *, offline: bool, openai: bool) -> "Place":
        """Where the offline model is, or one behind OpenAI's own address."""
        if offline:
            return cls.HERE
        return cls.OPENAI if openai else cls.OTHER


_STORED: Mapping[Place, Text] = {
    Place.OPENAI: Text.PRIVACY,
    Place.OTHER: Text.PRIVACY_OTHER,
    Place.HERE: Text.PRIVACY_HERE,
}


_ELSEWHERE: Mapping[Text, Text] = {
    Text.HELP: Text.HELP_WEB,
    Text.PRIVACY_BESIDE: Text.PRIVACY_BESIDE_WEB,
    Text.FORGOTTEN: Text.FORGOTTEN_WEB,
}


def own_words(text: Text, channel: str, language: str) -> str:
    """A text that is another one where clients do not write in Telegram."""
    return say(text if channel == TELEGRAM else _ELSEWHERE[text], language)


@dataclass(frozen=True, slots=True)
class Commands:
    """For everybody. `kept_days`: how long the host keeps words, 0 for ever."""

    answers: Answers
    kept_days: float
    place: Place = Place.OTHER
    toolbox: Toolbox = field(default_factory=NoTools)

    @property
    def alike(self) -> Mapping[str, Callable[[ClientEvent], Awaitable[None]]]:
        """By their names, those that every channel carries out in the same way."""
        return {
            "new": self.new,
            "stop": self.stop,
            "privacy": self.privacy,
            "forget": self.forget,
        }

    async def welcome(
        self,
        event: ClientEvent,
        *,
        into: TenantRow | None = None,
        by_link: bool = False,
        brought: str = "",
        refusal: Refusal = lambda _: (),
    ) -> None:
        """The welcome, and that an AI answers; `into`: of the tenant that somebody asked for.

        `by_link`: what stands behind the command is the link's, and asks for nothing. `brought`:
        what is noted of the client then. Raises Gone when the tenant was deleted meanwhile.
        """
        greet = await self.greeting(event, into=into, refusal=refusal)

        def work(chat: ChatWork) -> Sequence[Draft]:
            said = greet(chat)
            if brought:
                chat.learn(Fact(START, brought, LINK))
            return said

        if by_link:
            await self.answers.events.handle(event.stored, work)
        else:
            await self.answers.obey(event, work)

    async def greeting(
        self, event: ClientEvent, *, into: TenantRow | None, refusal: Refusal = lambda _: ()
    ) -> Work:
        """What `welcome` does and says."""
        here = self.answers.here
        profile = profile_of(into) if into else await here.profile(event.stored.address)
        language = await here.known_language(event)
        texts = (profile.text_for(name, language) for name in ("welcome", "ai_notice"))
        answer = self.answers.drafts(event, *texts)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.reopen()
            if refused := refusal(chat):
                return refused
            if into:
                chat.switch(into.id)
            chat.introduce()
            return answer

        return work

    async def new(self, event: ClientEvent) -> None:
        """A fresh conversation; what was written before is still answered in the old one."""
        answer = await self.answers.say(event, Text.NEW)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.start_over()
            return answer

        await self.answers.obey(event, work)

    async def stop(self, event: ClientEvent) -> None:
        """End the answer under way; what it had done by then, it says itself."""
        stopped = await self.answers.say(event, Text.STOPPED)
        nothing = await self.answers.say(event, Text.NOTHING_TO_STOP)
        await self.answers.obey(event, lambda chat: stopped if chat.stop() else nothing)

    async def help(self, event: ClientEvent, more: str = "") -> None:
        """What one can do here; `more`: what this one can do besides."""
        said = own_words(Text.HELP, event.channel, await self.answers.here.speaks(event))
        answer = self.answers.drafts(event, *filter(None, (said, more)))
        await self.answers.obey(event, lambda _: answer)

    async def privacy(self, event: ClientEvent) -> None:
        """What is stored, and how to have it erased."""
        language = await self.answers.here.speaks(event)
        here, address = self.answers.here, event.stored.address
        asked = await here.servers(address) if self.toolbox.declares else ()
        profile, hosts = await here.profile(address), await self._hosts(event)
        told = what_is_kept(
            *(profile, language),
            host_days=self.kept_days,
            place=self.place,
            hosts=hosts,
            asked=asked,
            channel=event.channel,
        )
        answer = self.answers.drafts(event, told)
        await self.answers.obey(event, lambda _: answer)

    async def _hosts(self, event: ClientEvent) -> Sequence[str]:
        """Those whose systems the assistant of this chat may call for its company."""
        address = event.stored.address
        here = await self.answers.here.assistant(address) if address else None
        if here is None:
            return ()
        tenant, profile = here
        tools = (await self.toolbox.at(tenant)).of(profile)
        return sorted({tool.host for tool in tools if tool.host})

    async def forget(self, event: ClientEvent) -> None:
        """Ask before erasing."""
        language = await self.answers.here.speaks(event)
        keys = [
            AnswerKey(say(Text.FORGET_YES, language), FORGET_YES),
            AnswerKey(say(Text.FORGET_NO, language), FORGET_NO),
        ]
        answer = self.answers.drafts(event, say(Text.FORGET_ASK, language), keys=[keys])
        await self.answers.events.handle(event.stored, lambda _: answer)

    async def forget_or_not(self, event: ClientEvent, key: str) -> None:
        """Erase, or leave everything as it is."""
        language = await self.answers.here.speaks(event)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if event.pressed and not chat.is_first_press(event.pressed):
                return ()  # a second press may follow before the keys are gone
            if key != FORGET_YES:
                return self.answers.drafts(event, say(Text.FORGET_CANCELLED, language))
            kept = chat.forget()
            more = [say(Text.FORGOTTEN_BUT, language, count=kept)] if kept else []
            receipt = "\n\n".join([own_words(Text.FORGOTTEN, event.channel, language), *more])
            return self.answers.drafts(event, receipt)

        await self.answers.events.handle(event.stored, work)

    async def unknown(self, event: ClientEvent) -> None:
        """A command that does not exist."""
        answer = await self.answers.say(event, Text.UNKNOWN_COMMAND)
        await self.answers.events.handle(event.stored, lambda _: answer)

    async def wordless(self, event: ClientEvent) -> None:
        """What was sent without words and is no message yet; what cannot be is said once per album.

        Words that are added to that are a message.
        """
        answer = await self.answers.say(event, Text.NOT_UNDERSTOOD)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if event.understood:
                chat.ask_again(event.stored.payload)
                return ()
            is_new = not event.album or chat.is_first_of_album(event.album)
            return answer if chat.lacks_words() and is_new else ()

        await self.answers.events.handle(event.stored, work)


def what_is_kept(
    profile: Profile,
    language: str,
    *,
    host_days: float,
    place: Place = Place.OTHER,
    hosts: Sequence[str] = (),
    asked: Sequence[str] = (),
    channel: str = TELEGRAM,
) -> str:
    """What /privacy says: whose the chat is, what is kept, and for how long (0 days: for ever).

    `hosts`: those whose systems the company lets its assistant call. `asked`: the names of hosts
    where OpenAI looks things up for it.
    """
    days = host_days if profile.retention_days is None else profile.retention_days
    kept = say(Text.PRIVACY_DAYS, language, count=math.ceil(days)) if days else ""
    servers = say(Text.PRIVACY_SERVERS, language, hosts=", ".join(asked)) if asked else ""
    told = (
        _whose(profile, language),
        say(_STORED[place], language, beside=own_words(Text.PRIVACY_BESIDE, channel, language)),
        servers,
        say(Text.PRIVACY_FILES, language),
        say(Text.PRIVACY_PEOPLE, language),
        say(Text.PRIVACY_TOOLS, language, hosts=", ".join(hosts)) if hosts else "",
        kept or say(Text.PRIVACY_FOR_EVER, language),
        say(Text.PRIVACY_COPIES, language) if place is Place.OPENAI else "",
    )
    return "\n\n".join(filter(None, told))


def _whose(profile: Profile, language: str) -> str:
    """The company, and how to reach a person there; nothing of one without a name."""
    if not profile.company_name:
        return ""
    text = Text.PRIVACY_CONTACT if profile.contact else Text.PRIVACY_COMPANY
    return say(text, language, company=profile.company_name, contact=profile.contact)

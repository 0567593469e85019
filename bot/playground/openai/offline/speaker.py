"""What the offline model says in a situation: its own sentences around those of the knowledge."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.playground.openai.offline.briefing import Briefing
from bot.playground.openai.offline.intents import (
    Intent,
    read_intents,
    strip_courtesies,
)
from bot.playground.openai.offline.language import (
    detect_foreign,
    detect_language,
    known_language,
)
from bot.playground.openai.offline.lexicon import LANGUAGES
from bot.playground.openai.offline.listening import Situation
from bot.playground.openai.offline.moment import say_open
from bot.playground.openai.offline.phrases import (
    LANGUAGES_SPOKEN,
    OFFERS,
    OUR_COMPANY,
    PHRASES,
    REACH_US,
    SPOKEN_HERE,
    TOPICS,
    Phrases,
    choose_phrases,
)
from bot.playground.openai.offline.research import (
    Finding,
    list_topics,
    research,
    research_heading,
    research_topic,
)
from bot.playground.openai.offline.search import Index, build_index
from bot.playground.openai.offline.senses import CANNOT, COULD_NOT, HAS_READ, POINTING
from bot.playground.openai.offline.translation import translate
from bot.playground.openai.offline.words import count_stop_words, read_terms
from bot.playground.openai.parts import IMAGE

_MOST_BUBBLES = 3
_FOR_OTHERS = "en"  # read by more of those whose language is none of ours
_OFFER_EVERY = 3  # answers; a question after each of them would tire
_NAMELESS = {"", "assistente", "assistant", "ассистент"}  # what a profile without a name says


@dataclass(frozen=True, slots=True)
class Speaker:
    """Everything that one answer depends on."""

    briefing: Briefing
    situation: Situation
    language: str
    phrases: Phrases
    index: Index
    intents: frozenset[Intent]

    @classmethod
    def of(cls, briefing: Briefing, situation: Situation) -> "Speaker":
        own = known_language(briefing.language) or "it"
        language = _choose_language(situation) or own
        briefing = translate(briefing, language)
        return cls(
            briefing=briefing,
            situation=situation,
            language=language,
            phrases=choose_phrases(language, formal=briefing.formal),
            index=build_index(briefing.knowledge, own),
            intents=read_intents(situation.question),
        )

    @property
    def company(self) -> str:
        return self.briefing.company or OUR_COMPANY[self.language]

    def turn(self, variants: tuple[str, ...]) -> str:
        """One of several sentences, another one each time."""
        return variants[self.situation.answered % len(variants)]

    def speak(self) -> tuple[str, ...]:
        """The whole answer, the greeting included: three bubbles at most."""
        if (spoken := self._name_languages()) and spoken not in self.situation.said:
            return (spoken, *(self._escalate() if Intent.HUMAN in self.intents else ()))
        bubbles = self.greet(self._respond())
        if len(bubbles) <= _MOST_BUBBLES:
            return bubbles
        return (bubbles[0], " ".join(bubbles[1:-1]), bubbles[-1])  # the last may ask, or send on

    def greet(self, bubbles: tuple[str, ...]) -> tuple[str, ...]:
        """The bubbles, with a greeting where they are the first of a chat."""
        if self._is_first() and bubbles[0] != self.briefing.escalation:
            return self._open(bubbles)
        return bubbles

    def _name_languages(self) -> str | None:
        """What a client is told whose language is none of ours."""
        return LANGUAGES_SPOKEN.get(_foreign(self.situation))

    def _open(self, bubbles: tuple[str, ...]) -> tuple[str, ...]:
        """The first answer of a chat; where it is long, the greeting takes no bubble of its own."""
        greeting = self._greet()
        if Intent.GREETING in self.intents and bubbles[0] in self.phrases.ask_how:
            return (self._present(greeting), *bubbles)
        if len(bubbles) < _MOST_BUBBLES:
            return (f"{greeting}!", *bubbles)
        return (f"{greeting}! {bubbles[0]}", *bubbles[1:])

    def _respond(self) -> tuple[str, ...]:
        """The answer itself; what could not be seen or heard is said before it."""
        shown = self.situation.shown
        unseen = (
            *(CANNOT[kind][self.language] for kind in shown.missed),
            *(COULD_NOT[why][self.language] for why in shown.refused),
        )
        if told := self._tell_of_file():
            return (*unseen, *told)
        if unseen:
            points = IMAGE in shown.missed and POINTING.search(self.situation.question)
            finding = None if points else self.look_up()
            return (*unseen, *(self._tell(finding) if finding else ()))
        return self._answer()

    def _tell_of_file(self) -> tuple[str, ...]:
        """What a file of the client's says about the question, or that it was read."""
        for name, text in reversed([*self.situation.files.items()]):
            if name in self.situation.shown.files and not self._has_content():
                return (HAS_READ[self.language].format(name=name),)
            index = build_index(text, self.language)
            finding = research(index, self.situation.question, self.language)
            if finding and not finding.missed:
                return finding.bubbles
        return ()

    def _answer(self) -> tuple[str, ...]:
        """An answer to words alone; what matters more comes first."""
        for intent, respond in _FIRST:
            if intent in self.intents and (bubbles := respond(self)):
                return bubbles
        if finding := self.look_up():
            return self._tell(finding)
        if self.intents & {Intent.LANGUAGE, Intent.NO}:
            asks = Intent.LANGUAGE in self.intents
            return (SPOKEN_HERE[self.language] if asks else self.phrases.closing,)
        if Intent.YES in self.intents and self.situation.answered:
            return self._go_on()
        if self._has_content() and not self._is_courteous():
            return self._ask_back() if self._is_unclear() else self._escalate()
        return self._make_conversation()

    def _tell_if_open(self) -> tuple[str, ...]:
        told = say_open(self.situation.note, self.language)
        return (told,) if told else ()

    def _is_courteous(self) -> bool:
        """Whether it thanks or takes leave, and asks nothing besides."""
        polite = self.intents & {Intent.THANKS, Intent.GOODBYE}
        return bool(polite) and "?" not in self.situation.question

    def _is_unclear(self) -> bool:
        """Whether it is bare words, which a person would ask about: once."""
        question = self.situation.question
        asked = any(bubble in UNCLEAR for bubble in self.situation.last_bubbles)
        bare = "?" not in question and not count_stop_words(question, self.language)
        return bare and not asked

    def _make_conversation(self) -> tuple[str, ...]:
        """An answer to what asks for no knowledge."""
        intents, phrases = self.intents, self.phrases
        thanks = (self.turn(phrases.welcome),) if Intent.THANKS in intents else ()
        if Intent.GOODBYE in intents:
            return (*thanks, phrases.goodbye)
        if Intent.HOW_ARE_YOU in intents:
            return (phrases.fine,)
        if thanks or Intent.GREETING in intents:
            return thanks or (self.turn(phrases.ask_how),)
        return (*self._list_topics(phrases.abilities), self.turn(phrases.ask_how))

    def _go_on(self) -> tuple[str, ...]:
        """Go on after a "yes" that takes up no offer."""
        asked = self.situation.last_bubbles[-1:] and self.situation.last_bubbles[-1].endswith("?")
        return (self.phrases.go_ahead if asked else self.turn(self.phrases.anything_else),)

    def _has_content(self) -> bool:
        return bool(read_terms(strip_courtesies(self.situation.question), self.language))

    def look_up(self) -> Finding | None:
        """What the knowledge says; after a "yes", to what we offered; else to a follow-up."""
        situation = self.situation
        if Intent.YES in self.intents and situation.last_bubbles:
            offers = {text: topic for topic, text in self.offers()}
            offered = offers.get(situation.last_bubbles[-1])
            return research_topic(self.index, offered) if offered else None
        if not self._has_content():
            return None
        if told := research_heading(self.index, situation.question.strip(" .!?")):
            return told
        before = situation.earlier[-1] if situation.earlier else ""
        return research(self.index, situation.question, self.language, before=before)

    def _tell(self, finding: Finding) -> tuple[str, ...]:
        bubbles = list(finding.bubbles)
        told = detect_language(" ".join(bubbles)) or self.index.language
        if told != self.language:
            bubbles.insert(0, self.phrases.quote[told])
        if finding.missed:
            bubbles.append(self.briefing.escalation or self.phrases.escalate)
            bubbles += self._reach_us(bubbles[-1])[: _MOST_BUBBLES - len(bubbles)]
        elif len(finding.bubbles) == 1 and self.situation.answered % _OFFER_EVERY == 0:
            bubbles += self._offer(finding.concepts)
        return tuple(bubbles)

    def _offer(self, concepts: frozenset[str]) -> list[str]:
        """A question about something near to what was asked, if there is such a thing."""
        near = [topic for concept in sorted(concepts) for topic in OFFERS.get(concept, ())]
        offers = dict(self.offers())
        return [offers[topic] for topic in near if topic in offers and topic not in concepts][:1]

    def offers(self) -> list[tuple[str, str]]:
        """Every topic that the knowledge has something about, with the question that offers it."""
        column = LANGUAGES.index(self.language)
        return [
            (topic, self.phrases.offer.format(topic=names[column]))
            for topic, names in TOPICS.items()
            if self.index.knows(topic)
        ]

    def _escalate(self) -> tuple[str, ...]:
        """The company's phrase, alone; for a client of another language its meaning follows."""
        phrase = self.briefing.escalation or self.phrases.escalate
        foreign = (detect_language(phrase) or self.language) != self.language
        said = (phrase, self.phrases.escalate) if foreign else (phrase,)
        return (*said, *self._reach_us(phrase))

    def _reach_us(self, said: str = "") -> tuple[str, ...]:
        """The contact, if it was not said, where nobody is told that a person is wanted."""
        contact = self.briefing.contact
        if not self.situation.note.nobody or not contact or contact in said:
            return ()
        return (REACH_US[self.language].format(contact=contact),)

    def _ask_back(self) -> tuple[str, ...]:
        return (*self._list_topics(self.phrases.unclear_topics), self.turn(self.phrases.unclear))

    def _list_abilities(self) -> tuple[str, ...]:
        return (*self._list_topics(self.phrases.abilities), self.turn(self.phrases.ask_how))

    def _list_topics(self, template: str) -> tuple[str, ...]:
        """What can be asked, if the client reads the language of the headings."""
        topics = list_topics(self.index)
        if not topics or self.index.language != self.language:
            return ()
        return (template.format(topics=", ".join(topics)),)

    def _identify(self) -> tuple[str, ...]:
        who = f"{self.briefing.assistant}, " if self._has_name() else ""
        identity = self.phrases.identity.format(who=who, company=self.company)
        more = () if self.situation.note.nobody else (self.phrases.identity_more,)
        return (identity, *(self._reach_us() or more))

    def _refuse_meta(self) -> tuple[str, ...]:
        return self._refuse(self.phrases.refuse_meta)

    def _refuse_topic(self) -> tuple[str, ...]:
        return self._refuse(self.phrases.refuse_topic)

    def _refuse(self, template: str) -> tuple[str, ...]:
        return (template.format(company=self.company), self.turn(self.phrases.ask_how))

    def _present(self, greeting: str) -> str:
        if not self._has_name():
            return f"{greeting}!"
        return self.phrases.present.format(
            hello=greeting, assistant=self.briefing.assistant, company=self.company
        )

    def _has_name(self) -> bool:
        return self.briefing.assistant.casefold() not in _NAMELESS

    def _is_first(self) -> bool:
        return self.situation.note.first_turn is not False and not self.situation.answered

    def _greet(self) -> str:
        """The client's own greeting back, where it has one to be returned."""
        asked = self.situation.question.casefold()
        for pattern, greeting in _RETURNED.items():
            if re.match(rf"\W*(?:{pattern})\b", asked):
                return greeting
        return self.phrases.hello


_FIRST: tuple[tuple[Intent, Callable[[Speaker], tuple[str, ...]]], ...] = (
    (Intent.META, Speaker._refuse_meta),
    (Intent.HUMAN, Speaker._escalate),
    (Intent.IDENTITY, Speaker._identify),
    (Intent.COMPLAINT, Speaker._escalate),
    (Intent.ABILITIES, Speaker._list_abilities),
    (Intent.OFF_TOPIC, Speaker._refuse_topic),
    (Intent.OPEN_NOW, Speaker._tell_if_open),
)
UNCLEAR = frozenset(text for phrases in PHRASES.values() for text in phrases.unclear)
_RETURNED: Mapping[str, str] = {
    "buon ?giorno": "Buongiorno",
    "buona ?sera": "Buonasera",
    "buon pomeriggio": "Buon pomeriggio",
    "salve": "Salve",
    "good morning": "Good morning",
    "good afternoon": "Good afternoon",
    "good evening": "Good evening",
    "доброе утро": "Доброе утро",
    "добрый день": "Добрый день",
    "добрый вечер": "Добрый вечер",
}


def _foreign(situation: Situation) -> str:
    """The language of the latest message, if it is none of ours; "" if it may be one of them."""
    question, known = situation.question, situation.note.language
    if (foreign := detect_foreign(question)) or detect_language(question):
        return foreign or ""
    return "" if known_language(known) else known.partition("-")[0].lower()


def _choose_language(situation: Situation) -> str | None:
    """The language of the latest message that shows one, else what is known of the client."""
    if detect_foreign(situation.question):
        return _FOR_OTHERS
    for text in (situation.question, *reversed(situation.earlier)):
        if language := detect_language(text):
            return language
    known = situation.note.language
    return known_language(known) or (_FOR_OTHERS if known else None)

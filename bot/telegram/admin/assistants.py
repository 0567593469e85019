"""/assistants: private assistants, what each has for itself, and the codes that open it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import ValidationError
from telegram import Message

from bot.core.texts.profile import Assistants as Say
from bot.telegram.admin import assistants_cards as cards
from bot.telegram.admin import hours, tools_cards
from bot.telegram.admin.assistants_cards import NAME, OWN_FIELDS, REST
from bot.telegram.admin.codes import CODE_VERBS, CodeDesk
from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.configure import with_what_there_is
from bot.telegram.admin.configure_cards import KNOWLEDGE, doubted, refused
from bot.telegram.admin.cuts import CUT, asked_before, is_cut, pass_over
from bot.telegram.admin.fields import VOCABULARY, label
from bot.telegram.admin.known_tools import TenantTools
from bot.telegram.admin.state import State, state_now, state_of
from bot.telegram.admin.visit import Card, Step, Visit, asking, closing, showing
from bot.telegram.secrets import Secrets
from bot.turns.offers import Catalogue
from db.chats import ChatWork
from db.codes import RevokeCodes, codes_of
from db.drafts import Change
from db.engine import Database
from db.records import PUBLIC, Draft
from tenants.difference import differences, trail_of
from tenants.explain import problems_of
from tenants.fields import FIELDS, Field
from tenants.form import Changes, Form, Refused
from tenants.names import assistants_name
from tenants.permissions import Action
from tenants.profile import Persona, Profile
from tenants.values import NO_TOOLS, is_blank

CODE: Final = "code"  # the word behind which a chosen code follows; no assistant is called so
LONGEST_NAME: Final = 60  # as people type it; where only plain letters go it is shorter
Own = Mapping[str, Mapping[str, Any]]  # what each assistant has for itself
Edit = Callable[[Own], Own]
FIELD_VERBS: Final = ("ask", "set", "same", "add", "tool", REST)  # of a field of its own


@dataclass(frozen=True, slots=True)
class AssistantsCommand(Command):
    """What an assistant is goes into the draft; its codes work at once."""

    name = NAME
    action = Action.ASSISTANTS

    database: Database
    secrets: Secrets
    catalogue: Catalogue
    tools: TenantTools

    async def open(self, visit: Visit, words: str) -> Step:
        """The list; `NAME`; `NAME field: value`; `code NAME CODE`."""
        state = await state_of(self.database, visit)
        name, rest = (*words.split(maxsplit=1), "", "")[:2]
        if name.lower() == CODE and rest:
            return await self._codes.choose(visit, state.profile)
        if name not in state.profile.assistants:
            return showing(cards.everyone(visit, state))
        if rest:
            return await self._settle(visit, state, name, rest)
        return showing(await self._card(visit, state, name))

    @on_press(
        Action.ASSISTANTS, "", "new", "more", "list", "show", "edit", "drop", "gone", "own", "make"
    )
    @on_press(Action.ASSISTANTS, *CODE_VERBS, *FIELD_VERBS, hours.AGREE)
    async def press(self, visit: Visit, words: str) -> Step:
        """One of the cards' buttons; what is not known shows the list."""
        state = await state_of(self.database, visit)
        verb, _, rest = words.partition(" ")
        if verb == "new":
            return self._ask_name(visit)
        name, _, first = rest.partition(" ")
        if verb == "more" and name in state.profile.assistants:
            return Step(card=await self._card(visit, state, name, first))
        if verb in FIELD_VERBS and name in state.profile.assistants:
            return await self._press_field(visit, state, verb, name, first)
        if rest in state.profile.assistants:
            return await self._press_assistant(visit, state, verb, rest)
        if verb == hours.AGREE:
            return _agreed(visit, rest)
        step = await self._codes.press(visit, state.profile, verb, rest)
        return step or closing(Step(card=cards.everyone(visit, state, rest.removeprefix("+"))))

    @on_answer(Action.ASSISTANTS, "new", "edit", "own", "add", hours.FIELD, CUT)
    async def answer(self, visit: Visit, step: str, message: Message) -> Step:
        """A name for a new assistant, or what one has for itself."""
        step, rest = asked_before(step, message)
        if rest or is_cut(message):
            return pass_over(visit, message, command=NAME, step=step, told=rest, text=Say.CUT)
        state = await state_of(self.database, visit)
        verb, _, name = step.partition(" ")
        said = (message.text or "").strip()
        if verb == "new":
            return self._create(visit, state, said)
        name, _, field = name.partition(" ")
        if verb == hours.FIELD:  # they were shown back, and are typed once more
            verb, field = "own", hours.FIELD
        asked = OWN_FIELDS.get(FIELDS[field].place) if field in FIELDS else None
        if name not in state.profile.assistants or (verb in ("own", "add") and asked is None):
            return closing(showing(cards.note(visit, Say.GONE)))
        if asked and verb == "add":
            said = f"{getattr(state.profile.assistant(name), asked.name)}\n\n{said}"
        if asked:
            return await self._answer_field(visit, state, name, asked, said)
        return await self._settle(visit, state, name, said)

    async def _answer_field(
        self, visit: Visit, state: State, name: str, field: Field, said: str
    ) -> Step:
        read = Form(state.profile.assistant(name), VOCABULARY).answer(field.name, said)
        told = cards.field_changed(visit, name, field)
        if isinstance(read, Changes):
            told = cards.saying_in_whose_place(visit, state, told, read.values)
        return await self._write(visit, state, name, read, told)

    async def _press_field(
        self, visit: Visit, state: State, verb: str, name: str, words: str
    ) -> Step:
        """A field of an assistant's own: asked for, chosen, or everybody's again."""
        if verb == "tool":
            return await self._switch(visit, state, name, words)
        field, choice = field_at(words)
        if field is None or (verb == "set" and choice is None):
            card = cards.own_fields(visit, state, name, rest=verb == REST)
            return closing(Step(card=card))
        if verb in ("ask", "add"):
            return await self._ask_field(visit, state, verb, name, field)
        values = {field.name: choice if verb == "set" else None}
        edit = _own(name, values)
        if isinstance(unfit := _edited(visit, state.profile, edit), Step):
            return unfit
        told = cards.field_changed(visit, name, field)
        return replace(_draft(visit, edit, None), card=told)

    async def _ask_field(
        self, visit: Visit, state: State, verb: str, name: str, field: Field
    ) -> Step:
        if verb == "add" and field.name == KNOWLEDGE:
            return _asking(visit, f"add {name} {KNOWLEDGE}", Say.ASK_MORE, back=f"edit {name}")
        if field.name == tools_cards.FIELD:
            known = await self.tools.of(visit)
            return closing(Step(card=cards.tools(visit, state.profile, name, known)))
        card = cards.question(visit, state, name, field)
        return asking(Step(card=card), NAME, visit, f"own {name} {field.name}")

    async def _switch(self, visit: Visit, state: State, name: str, looked_at: str) -> Step:
        """A tool of its own on or off; the card shows how they stand now."""
        known = await self.tools.of(visit)
        names = tools_cards.switched(state.profile.assistant(name), known, looked_at)
        edit = _own(name, {tools_cards.FIELD: names or [NO_TOOLS]})
        edited = _edited(visit, state.profile, edit)
        if isinstance(edited, Step):
            return edited
        card = cards.tools(visit, edited, name, known)
        return replace(_draft(visit, edit, None), card=card)

    async def _press_assistant(self, visit: Visit, state: State, verb: str, name: str) -> Step:
        match verb:
            case "edit":
                return closing(Step(card=cards.own_fields(visit, state, name)))
            case "drop":
                return Step(card=cards.really_delete(visit, name, state.profile.called(name)))
            case "gone":
                return self._delete(visit, name, state.profile.called(name))
            case "own":
                called, back = state.profile.called(name), f"show {name}"
                return Step(card=cards.note(visit, Say.HOW_TO_CHOOSE, back=back, name=called))
            case "make":
                return self._codes.generate(visit, name, state.profile.called(name))
        return closing(Step(card=await self._card(visit, state, name)))

    # ---------------------------------------------------------------- the draft

    def _ask_name(self, visit: Visit) -> Step:
        if not self.secrets.redaction.vault.sealed:
            return Step(card=cards.note(visit, Say.NO_KEY))
        return _asking(visit, "new", Say.ASK_NAME)

    def _create(self, visit: Visit, state: State, said: str) -> Step:
        if is_blank(said) or len(said) > LONGEST_NAME or "\n" in said:
            return showing(cards.note(visit, Say.BAD_NAME, most=LONGEST_NAME))
        name = assistants_name(said)
        if name in state.profile.assistants or name in (PUBLIC, CODE):
            return showing(cards.note(visit, Say.NAME_TAKEN))
        told, new = cards.created(visit, name, said), {"called": said} if said != name else {}
        return _draft(visit, lambda known: {**known, name: known.get(name, new)}, told)

    def _delete(self, visit: Visit, name: str, called: str) -> Step:
        step = _draft(visit, lambda known: _without(known, name), None)
        revoke = RevokeCodes(tenant=visit.here.id, assistant=name, actor=visit.actor, now=visit.now)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.do(revoke)
            return step.work(chat)

        return Step(work, card=cards.note(visit, Say.DELETED, name=called))

    async def _settle(self, visit: Visit, state: State, name: str, words: str) -> Step:
        """Read what was typed as /configure does, against the assistant as it is now."""
        read = Form(state.profile.assistant(name), VOCABULARY).command(words)
        if isinstance(read, Refused):
            return showing(refused(visit, read.problems, asked=True))
        if not isinstance(read, Changes):
            return _asking(visit, f"edit {name}", Say.ASK_FIELDS, pressed=False, name=name)
        if shared := read.values.keys() - Persona.model_fields.keys():
            named = ", ".join(label(one, visit.language) for one in sorted(shared))
            return showing(cards.note(visit, Say.NOT_OWN, back=f"show {name}", fields=named))
        noted = cards.note(visit, Say.CHANGED, back=f"show {name}")
        told = cards.saying_in_whose_place(visit, state, noted, read.values)
        return await self._write(visit, state, name, read, told)

    async def _write(
        self, visit: Visit, state: State, name: str, read: Changes | Refused, told: Card
    ) -> Step:
        """Into the draft, or say what to mend and ask again."""
        if isinstance(read, Refused):
            return showing(refused(visit, read.problems, asked=True))
        again = f"ask {name} {FIELDS[hours.FIELD].place}"
        if hours.are_all(read):
            return hours.show_back(visit, read, NAME, again=again, whose=name)
        before, values = state.profile.assistant(name), read.values
        names = (await self.tools.of(visit)).names
        checked, unsure = await with_what_there_is(self.catalogue, names, before, read)
        if isinstance(checked, Refused):
            return showing(refused(visit, checked.problems, asked=True))
        told = hours.noted(visit, doubted(visit, told, unsure), read, NAME, again=again)
        return _draft(visit, _own(name, values), told)

    # ---------------------------------------------------------------- what is known

    @property
    def _codes(self) -> CodeDesk:
        return CodeDesk(self.database, self.secrets)

    async def _card(self, visit: Visit, state: State, name: str, first: str = "") -> Card:
        found = await self.database.read(codes_of, tenant=visit.here.id, assistant=name)
        return cards.assistant(visit, state, name, found, first)


def field_at(words: str) -> tuple[Field | None, str | None]:
    """The field and the choice that a button's numbers stand for; None for what is none."""
    place, number, *_ = (*(int(one) for one in words.split() if one.isdecimal()), -1, -1)
    field = OWN_FIELDS.get(place)
    return field, dict(enumerate(field.choices)).get(number) if field else None


def _agreed(visit: Visit, looked_at: str) -> Step:
    """The opening hours of its own that were shown back."""

    def keep(chat: ChatWork, typed: str) -> Sequence[Draft]:
        name, _, said = typed.partition(" ")
        told = cards.field_changed(visit, name, FIELDS[hours.FIELD])
        return _draft(visit, _own(name, {hours.FIELD: said}), told).work(chat)

    return hours.agreed(visit, NAME, looked_at, keep)


def _without(known: Own, name: str) -> Own:
    return {one: own for one, own in known.items() if one != name}


def _own(name: str, values: Mapping[str, Any]) -> Edit:
    """Values of an assistant's own. Raises KeyError where it is gone."""
    return lambda known: {**known, name: {**known[name], **values}}


def _edited(visit: Visit, before: Profile, edit: Edit) -> Profile | Step:
    """The profile with an edit; or why that cannot be made."""
    try:
        return before.changed({"assistants": edit(_dump(before).get("assistants", {}))})
    except KeyError:
        return closing(showing(cards.note(visit, Say.GONE)))
    except ValidationError as error:
        found = [(0, problem) for problem in problems_of(error)]
        return showing(refused(visit, found, asked=True))


def _draft(visit: Visit, edit: Edit, told: Card | None) -> Step:
    """Edit what assistants have for themselves in the draft, and close what was asked."""

    def work(chat: ChatWork) -> Sequence[Draft]:
        before = state_now(chat, visit).profile
        after = _edited(visit, before, edit)
        if isinstance(after, Step):
            return after.work(chat)
        changes = {"assistants": _dump(after).get("assistants")}
        trail = trail_of(differences(before, after))
        chat.do(Change(visit.here.id, changes, visit.actor, visit.now, trail))
        chat.ask(None)
        return told.drafts() if told else ()

    return Step(work)


def _dump(profile: Profile) -> dict[str, Any]:
    return profile.model_dump(mode="json")


def _asking(visit: Visit, step: str, question: Say, *, pressed: bool = True, **values: str) -> Step:
    card = cards.note(visit, question, **values)
    return asking(Step(card=card) if pressed else showing(card), NAME, visit, step)

"""Cards: messages that change their text when a button under them is pressed."""

from bot.core.texts import Key, say
from bot.core.texts.profile import CompanyCard
from bot.telegram.admin.fields import expected, label
from tenants.fields import FIELDS
from tenants.values import Group
from tests.scenarios.people import BOT, Person


async def sees(person: Person, part: str) -> None:
    """Wait until a message of the bot's holds this."""

    def is_shown() -> bool:
        shown = person.stage.telegram.clients.messages(person.chat_id, bot_id=BOT)
        return any(part in str(message.get("text")) for message in shown)

    await person.stage.until(is_shown)


async def sees_company(person: Person) -> None:
    """Wait until the card of a company is shown, in the language of these tests."""
    label = say(CompanyCard.MORE, "it")
    await person.stage.until(lambda: label in person.buttons())


async def opens_field(person: Person, name: str, language: str = "it") -> None:
    """From the card of a company to the question about a field of it."""
    await opens_group(person, FIELDS[name].group, language)
    await person.stage.until(lambda: label(name, language) in person.buttons())
    person.presses(label(name, language))
    await sees(person, expected(name, language))


async def opens_group(person: Person, group: Group, language: str = "it") -> None:
    """From the card of a company to some of its fields."""
    on_card = group in (Group.COMPANY, Group.ASSISTANT)
    way = [] if on_card else [CompanyCard.MORE]
    await taps(person, *way, CompanyCard(f"group_{group}"), language=language)


async def taps(person: Person, *keys: Key, language: str = "it") -> None:
    """One button after the other, each as soon as it is shown."""
    for key in keys:
        wanted = say(key, language)
        await person.stage.until(lambda wanted=wanted: wanted in person.buttons())  # type: ignore[misc]  # mypy infers no default of a lambda
        person.presses(wanted)


async def last(person: Person) -> str:
    """What is said next: waits for one message more than the person has heard."""
    return str((await person.receives(1))[-1]["text"])


async def has_heard(person: Person) -> None:
    """Whatever was said until now counts as told."""
    await person.stage.settles()
    person.heard = max((one["message_id"] for one in person.untold()), default=person.heard)

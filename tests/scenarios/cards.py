"""Cards: messages that change their text when a button under them is pressed."""

from tests.scenarios.people import BOT, Person


async def sees(person: Person, part: str) -> None:
    """Wait until a message of the bot's holds this."""

    def is_shown() -> bool:
        shown = person.stage.telegram.clients.messages(person.chat_id, bot_id=BOT)
        return any(part in str(message.get("text")) for message in shown)

    await person.stage.until(is_shown)


async def last(person: Person) -> str:
    """What is said next."""
    return str((await person.receives(1))[-1]["text"])


async def has_heard(person: Person) -> None:
    """Whatever was said until now counts as told."""
    await person.stage.settles()
    person.heard = max((one["message_id"] for one in person.untold()), default=person.heard)

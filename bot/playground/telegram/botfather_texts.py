"""What the emulated @BotFather says, in its own words."""

from typing import Final

DESCRIPTION: Final = (
    "This is the playground's stand-in for @BotFather. Here you make bots of the emulated "
    "Telegram and get their tokens; on the real Telegram these tokens open nothing."
)
HELP: Final = (
    f"{DESCRIPTION}\n\n/newbot - create a new bot\n/mybots - tokens, settings, deletion\n"
    "/token, /revoke, /deletebot - the same, in one step\n/cancel - cancel the current operation"
)
ASK_NAME: Final = "A new bot. How shall it be called? Please send its name, as people will see it."
ASK_USERNAME: Final = (
    "Good. Now a username for the bot. It must end in bot, like this: AuroraDesk_bot or "
    "aurora_desk_bot."
)
CREATED: Final = (
    "Done: {name} is at t.me/{username}.\n\nIts token for the Bot API:\n{token}\n\n"
    "Keep it to yourself: whoever has it controls the bot. (It works in this playground alone.)"
)
SHOWN: Final = "The token of {name} @{username}:\n{token}"
REVOKED: Final = "The old token of {name} @{username} opens nothing any more. The new one:\n{token}"
CARD: Final = "{name} @{username}\n\nWhat shall be done with this bot?"
CHOOSE: Final = "Choose a bot:"
NO_BOTS: Final = "You have no bots yet. /newbot creates one."
SURE: Final = "Delete {name} @{username} and its chats for good?"
DELETED: Final = "{name} is deleted."
REFUSED: Final = "That will not do: {why}. Please try again, or /cancel."
CANCELLED: Final = "Cancelled."
NOTHING_TO_CANCEL: Final = "There is nothing to cancel."

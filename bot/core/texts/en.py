"""English."""

from collections.abc import Mapping

from bot.core.texts.keys import Text

COMMANDS: Mapping[str, str] = {
    "start": "Start the conversation",
    "new": "Start over",
    "help": "What you can do here",
    "privacy": "How we handle your data",
    "forget": "Erase this conversation",
}

SENTENCES: Mapping[Text, str] = {
    Text.FAILURE: "I'm sorry, I can't answer just now. Could you try again in a few minutes?",
    Text.EMPTY_REPLY: "I'm sorry, I can't answer that. Could you put it in other words?",
    Text.TOO_FAST: "I have your messages. Give me a minute and I'll answer them.",
    Text.DAILY_CAP: (
        "I can't answer any more today: the service will be back tomorrow."
        " I'm sorry for the inconvenience."
    ),
    Text.HELP: (
        "Write your question here, just as you would ask it at the desk, and I'll answer in the"
        " chat.\n\nYou can also use these commands:\n"
        + "\n".join(f"/{name} – {description}" for name, description in COMMANDS.items())
    ),
    Text.NEW: "Very well, let's start over. How can I help?",
    Text.PRIVACY: (
        "In this chat you are answered by an AI assistant: to prepare the answers, your messages"
        " are passed on to OpenAI."
        "\n\nWe store your messages, the answers, and what Telegram tells us about you, such as"
        " your name, username and language. The conversation is stored at OpenAI as well."
        "\n\nThere is no expiry date: the data stay until you ask for them to be erased with"
        " /forget. OpenAI may keep technical copies for about 30 days."
    ),
    Text.FORGET_ASK: (
        "Would you like to erase this conversation? We will delete the messages stored with us"
        " and at OpenAI. They cannot be recovered."
    ),
    Text.FORGET_YES: "Yes, erase it",
    Text.FORGET_NO: "No, keep it",
    Text.FORGOTTEN: (
        "Done: the conversation is erased here, and will shortly be erased at OpenAI too."
        " You can delete the messages you still see in this chat from Telegram."
    ),
    Text.FORGET_CANCELLED: "Very well, I have erased nothing.",
    Text.UNKNOWN_COMMAND: (
        "I don't know that command. You can write me your question, or see the commands with /help."
    ),
    Text.ONLY_TEXT: (
        "I'm sorry, for now I can only read text messages. Could you write your question here?"
    ),
    Text.BUTTON_EXPIRED: "This button is no longer active.",
    Text.HOST_OUT_OF_CREDIT: (
        "The OpenAI credit has run out and clients get no answers."
        " Top it up, or raise the spending limit, in your OpenAI account."
    ),
    Text.HOST_KEY_REFUSED: (
        "OpenAI refuses the key and clients get no answers."
        " Check OPENAI_API_KEY and restart Sportello."
    ),
    Text.HOST_DAILY_CAP: (
        "The daily limit of tokens is reached: clients get no answers until tomorrow."
        " To go on at once, raise DAILY_TOKEN_LIMIT and restart Sportello."
    ),
    Text.HOST_UPDATE_UNREADABLE: (
        "I could not read an update from Telegram. It is kept: the log says why."
    ),
}

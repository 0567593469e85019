"""What whoever sets a company up is guided with."""

from enum import auto

from bot.core.texts.key import Key


class Setup(Key):
    """/setup: a question at a time."""

    PLACE = auto()
    NEXT = auto()
    SKIP = auto()
    LATER = auto()
    LEFT = auto()
    CHOSEN = auto()

    TRADE = auto()
    TRADE_HOTEL = auto()
    TRADE_RESTAURANT = auto()
    TRADE_MEDICAL = auto()
    TRADE_SHOP = auto()
    TRADE_STUDIO = auto()
    TRADE_OTHER = auto()

    KNOWLEDGE = auto()
    KNOWLEDGE_TAKEN = auto()
    HOURS = auto()
    CONTACT = auto()
    CONTACT_UNSURE = auto()

    VOICE = auto()
    VOICE_FORMAL = auto()
    VOICE_INFORMAL = auto()
    VOICE_BRIEF = auto()
    SAMPLE_FORMAL = auto()
    SAMPLE_INFORMAL = auto()
    SAMPLE_BRIEF = auto()

    TRY = auto()
    TRYING = auto()
    TRIED = auto()

    PUBLISH = auto()
    PUBLISH_NOW = auto()

    BOT = auto()
    BOT_PASTE = auto()
    BOT_OTHERWISE = auto()

    DONE = auto()
    DONE_LINK = auto()
    CHANGE = auto()
    OWN_BOT = auto()


class Hours(Key):
    """Opening hours that were typed."""

    UNDERSTOOD = auto()
    NOTED = auto()
    AGREE = auto()
    AGAIN = auto()

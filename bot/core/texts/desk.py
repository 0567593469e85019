"""What the people of a company read at the desk, whichever command they are at."""

from enum import auto

from bot.core.texts.key import Key


class Desk(Key):
    """About who may do what, and for which tenant."""

    IN_PRIVATE = auto()
    NOT_ALLOWED = auto()
    HOST_READS_NOTHING = auto()
    NOT_YOURS = auto()
    GONE = auto()
    CHOOSE_TENANT = auto()
    FILE_UNASKED = auto()
    FILE_KNOWLEDGE = auto()
    FILE_CONFIGURE = auto()
    NO_TENANT = auto()
    IN_HAND = auto()
    ANOTHER_TENANT = auto()
    ONLY_TENANT = auto()
    CANCELLED = auto()
    NOTHING_TO_CANCEL = auto()
    UNKNOWN_COMMAND = auto()
    COMMAND_OF_BOTFATHER = auto()
    HELP = auto()


class Home(Key):
    """The home card of one who holds a role."""

    BUTTON = auto()
    ROLE = auto()
    COMPANIES = auto()
    NO_COMPANY = auto()
    NOTHING_WAITS = auto()
    CLIENTS_WAIT = auto()
    REQUESTS_WAIT = auto()
    CLAIMED = auto()
    UNANSWERED = auto()
    UNPUBLISHED = auto()
    KNOWS_NOTHING = auto()
    NO_CONTACT = auto()
    NO_BOT = auto()
    NO_BOT_BUT_LINK = auto()
    BOT_STOPPED = auto()
    PAUSED = auto()
    AS_CLIENT = auto()
    READ_CHATS = auto()
    READ_REQUESTS = auto()
    ANSWER = auto()
    PUBLISH = auto()
    TEACH = auto()
    ADD_CONTACT = auto()
    ADD_BOT = auto()
    BOTS = auto()
    RESUME = auto()
    SETUP = auto()
    CARD = auto()
    TALK = auto()
    NEW_COMPANY = auto()
    ALL_COMPANIES = auto()


class DeskMenu(Key):
    """One for each command of the desk."""

    HOME = auto()
    CHATS = auto()
    REQUESTS = auto()
    QUESTIONS = auto()
    DUTY = auto()
    SETUP = auto()
    CONFIGURE = auto()
    KNOWLEDGE = auto()
    PREVIEW = auto()
    DONE = auto()
    PUBLISH = auto()
    HISTORY = auto()
    ASSISTANTS = auto()
    BOTS = auto()
    SITES = auto()
    KEYS = auto()
    MCP = auto()
    ADMINS = auto()
    AUDIT = auto()
    COMPANY = auto()
    TENANTS = auto()
    CANCEL = auto()


class Figures(Key):
    """What stands between the digits, and beside them."""

    THOUSANDS = auto()
    DECIMALS = auto()
    DOLLARS = auto()
    EUROS = auto()


class Admins(Key):
    """/admins, and the links that give a role."""

    ROLE_HOST = auto()
    ROLE_OWNER = auto()
    ROLE_ADMIN = auto()
    ROLE_OPERATOR = auto()
    ROLE_VIEWER = auto()
    MAY_OWNER = auto()
    MAY_ADMIN = auto()
    MAY_OPERATOR = auto()
    MAY_VIEWER = auto()

    PEOPLE = auto()
    NOBODY = auto()
    PERSON = auto()
    PERSON_UNTIL = auto()
    LINKS = auto()
    LINK = auto()
    NOT_MET = auto()
    INVITE = auto()
    ADD_ME = auto()
    ADDED_ME = auto()
    VOID = auto()
    BACK = auto()

    WHICH_ROLE = auto()
    HOW_LONG = auto()
    FOR_GOOD = auto()
    DAYS = auto()
    INVITATION = auto()
    INVITATION_UNTIL = auto()
    FORWARD = auto()
    VOIDED = auto()
    NOT_OPEN = auto()

    WHAT_TO_CHANGE = auto()
    MAKE = auto()
    REMOVE = auto()
    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    CHANGED = auto()
    REMOVED = auto()
    LAST_OWNER = auto()
    GONE = auto()

    JOINED = auto()
    JOINED_UNTIL = auto()
    JOINED_HOST = auto()
    OPEN_CARD = auto()
    LINK_UNKNOWN = auto()
    LINK_USED = auto()
    LINK_EXPIRED = auto()
    LINK_REVOKED = auto()
    LINK_ALREADY = auto()
    LINK_IN_PRIVATE = auto()


class Bots(Key):
    """/bots, and what a bot's people are told about its token."""

    LIST = auto()
    NONE = auto()
    ACTIVE = auto()
    REFUSED = auto()
    SHARED = auto()

    ADD = auto()
    NEW_TOKEN = auto()
    REMOVE = auto()
    BACK = auto()

    ASK_TOKEN = auto()
    ASK_NEW_TOKEN = auto()
    NO_TOKEN = auto()
    NO_KEY = auto()
    BAD_TOKEN = auto()
    AWAY = auto()
    OTHER_BOT = auto()
    HELD = auto()
    ADDED = auto()
    ROTATED = auto()
    OFFER = auto()
    OFFER_WHICH = auto()
    TAKE = auto()

    CREATE = auto()
    ASK_CREATE = auto()
    CREATE_KEY = auto()

    WHAT_TO_CHANGE = auto()
    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    REMOVED = auto()
    GONE = auto()

    TOLD_REFUSED = auto()
    TOLD_UNREADABLE = auto()


class Audit(Key):
    """/audit."""

    TRAIL = auto()
    NOTHING = auto()
    OLDER = auto()
    SERVICE = auto()

    DID_ADMIN_ADDED = auto()
    DID_ADMIN_CHANGED = auto()
    DID_ADMIN_REMOVED = auto()
    DID_INVITED = auto()
    DID_INVITE_REVOKED = auto()
    DID_SERVER_ADDED = auto()
    DID_SERVER_REMOVED = auto()
    DID_BOT_ADDED = auto()
    DID_BOT_TOKEN_CHANGED = auto()
    DID_BOT_REMOVED = auto()
    DID_SITE_ADDED = auto()
    DID_SITE_ADDRESSES_CHANGED = auto()
    DID_SITE_LOOK_CHANGED = auto()
    DID_SITE_LIMITS_CHANGED = auto()
    DID_SITE_SWITCHED_ON = auto()
    DID_SITE_SWITCHED_OFF = auto()
    DID_SITE_REMOVED = auto()
    DID_KEY_ADDED = auto()
    DID_KEY_REVOKED = auto()
    DID_CODE_ADDED = auto()
    DID_CODE_CHANGED = auto()
    DID_CODE_REVOKED = auto()
    DID_CODE_REFUSED = auto()
    DID_CODE_USED = auto()
    DID_FACT_SET = auto()
    DID_FACT_REMOVED = auto()
    DID_TOOL_ADDED = auto()
    DID_TOOL_CHANGED = auto()
    DID_TOOL_SECRET_SET = auto()
    DID_TOOL_REMOVED = auto()
    DID_TENANT_CREATED = auto()
    DID_TENANT_RENAMED = auto()
    DID_TENANT_PAUSED = auto()
    DID_TENANT_RESUMED = auto()
    DID_TENANT_ARCHIVED = auto()
    DID_TENANT_SPEAKS = auto()
    DID_TENANT_DELETED = auto()
    DID_DRAFT_CHANGED = auto()
    DID_DRAFT_DISCARDED = auto()
    DID_PUBLISHED = auto()
    DID_ROLLED_BACK = auto()
    DID_CHAT_READ = auto()
    DID_CHATS_EXPORTED = auto()

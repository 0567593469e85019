"""Whatever admins type, answer, send or press, on every command: an answer, and never a failure.

One text goes through every door at once: behind each command, as the answer to each question
that a command can ask, and as the words of each button. Each door has a host of its own, so that
no question gets in the way of another.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, update

from bot.playground.telegram.media import media
from bot.playground.telegram.records import Upload
from bot.playground.telegram.texts import TEXT_LIMIT, detect_entities
from bot.telegram.admin.command import verb_of
from bot.telegram.admin.visit import LARGEST_DATA_BYTES
from db.company_tools import AddTool
from db.journal import apply
from db.models import chats
from db.records import Actor
from tenants.fields import FIELDS
from tests.scenarios.people import BOT, Json
from tests.scenarios.stage import Stage
from tests.scenarios.versions import appoint
from tests.telegram.admin.registered import commands

KEY = "una-chiave-lunga-e-casuale-0123456789"
HOTEL: Final = 1
MOST_DOORS: Final = 12
LONGEST_NAME: Final = 64
FIRST_HOST: Final = 5_000
HOURS: Final = "opening_hours Mon 9:00-18:00"
# A tool of the hotel's own, which leads nowhere.
DECLARED: Final = {"name": "x", "does": "x", "method": "GET", "address": "https://localhost/{x}"}
SOURCE: Final = "0123456789abcdef"  # no source's key
FORMS: Final[Mapping[str, Sequence[str]]] = {
    "assistants": (
        *("new", "edit vip", "edit gone", "own vip sector", "add vip knowledge"),
        "cut 0 own vip sector",
        HOURS.replace(" ", " vip ", 1),
    ),
    "bots": ("", "token 8200", "created", "unasked", "offered 8200 own_bot abc", "which"),
    "configure": (
        *("company_name", "knowledge", "pace", "test_questions", "*", "cut 0 welcome"),
        *("own new {}", f"own new {json.dumps(DECLARED)}", "own does 1", "own address 1"),
        *("own fields 1", "own header 1", "own secret 1", "own try 1", "own try 9"),
        "own go 1 5",
    ),
    "duty": ("hours",),
    "keys": ("name chat", "name nobody"),
    "knowledge": (
        "paste -",
        "add -",
        "add - cut",
        "file -",
        f"replace {SOURCE}",
        f"extend {SOURCE}",
    ),
    "mcp": ("own secret mcp",),
    "publish": ("note 1.000000000000",),
    "questions": ("write 1", "more 1"),
    "setup": ("trade", "knowledge", "knowledge add - cut", "hours", "contact", HOURS),
    "sites": ("new", "where 1", "where x"),
    "tenants": ("new -", "new hotel-aurora", "rename", "delete"),
}
PRESSES: Final[Mapping[str, Sequence[str]]] = {
    "admins": ("invite", "invite owner", "join", "void", "who", "make", "drop", "gone"),
    "assistants": (
        *("agree 0", "new", "edit", "drop", "gone", "own", "make", "code", "turn", "revoke"),
        *("once", "ask", "set", "same", "add", "set vip 60 1", "ask vip 99", "add vip 70"),
        *("tool", "tool vip", "tool vip 12345678", "rest", "rest vip"),
    ),
    "audit": ("tenant", "service"),
    "chats": ("list 99", "read 1 1", "read 9 x", "open 1", "show", "show 1 1", "done 1", "seen"),
    "duty": ("always", "never", "hours"),
    "bots": ("add", "bot", "token", "drop", "gone", "take"),
    "configure": (
        *("ask", "set", "set pace", "set language", "default", "several", "discard"),
        *("group", "group experts", "more", "switch", "switch 12345678"),
        *("own", "own add", "own try 1", "own secret 1", "own go 1 5", "own changes 1"),
    ),
    "history": ("v", "list", "back", "yes", "yes 1"),
    "home": ("list", "list 5", "client"),
    "keys": ("list", "add", "for chat", "key 1", "limits 1", "pace 1 30", "day 1", "gone", "hide"),
    "knowledge": ("show", "source", "replace", "extend", "get", "remove", "gone"),
    "mcp": ("list", "add", "drop", "drop x", "gone", "gone x"),
    "publish": ("now", "note", "try", "back"),
    "questions": ("list 99", "list x", "one", "one 1", "write 1", "settle 1"),
    "requests": ("list 99", "list x", "one", "one 1", "done 1", "finish 1"),
    "setup": ("at", "at hours", "skip", "skip bot", "later", "trade", "voice", "agree", "publish"),
    "sites": (
        *("list", "add", "site", "site 1", "also", "also 1", "where", "where 1", "look", "limits"),
        *("accent 1", "corner 1", "pace 1", "day 1", "on 1", "off", "drop", "gone", "known 1"),
        *("secret 1", "hide 1", "retire 1 1", "retired 1 1", "only 1", "all 1", "only", "accent"),
    ),
    "tenants": (
        *("list", "new", "from", "make", "show", "rename", "delete", "speak", "pause", "resume"),
    ),
    "take": ("",),
}
LEAKS: Final = ("Traceback", "Error", "Exception", "pydantic", "sqlalchemy", "object at 0x")
UNHEARD: Final = """
SELECT count(*) FROM updates WHERE message_id >= 1000000 AND kind = 'event'
AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.update_id = updates.id)
"""

awkward = st.sampled_from(
    [
        *("\0", "\ud800", "\udc00", "\u202e", "\u200b", "\u00a0", "\t", "\r\n", "\n", " ", "\\"),
        *("👩\u200d👩\u200d👧", "e\u0301" * 5, "<b>", "</pre>", "*_[](`", "```", "{tenant}", "%s"),
        "'; --",
        *("company_name: Hotel", "pace = 3", 'company_name = "X"', "[assistants.vip]", '"""', "-"),
        *("export", "knowledge", "vip", "code vip", "hotel", "1", "0", "²", "٣", "9" * 30),
        *(
            "AB12-CD34",
            "i_" + "x" * 30,
            f"{BOT}:" + "A" * 35,
            "/publish",
            "/unlock x",
            "x" * TEXT_LIMIT,
        ),
    ]
)
words = st.lists(awkward | st.text(max_size=12), min_size=1, max_size=5).map(
    lambda parts: "".join(parts)[:TEXT_LIMIT]
)
contents = st.binary(max_size=40) | words.map(lambda text: text.encode(errors="surrogatepass"))
names = words | st.sampled_from(["a.toml", "a.txt", "a.pdf", "a.docx", "a.csv", "a.html", ".md"])
fuzzed = settings(
    max_examples=4,
    phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=False,
)


@dataclass(slots=True, repr=False)
class Doors:
    """Ways in, each with a host of its own."""

    stage: Stage
    hosts: Iterator[int] = field(default_factory=lambda: count(FIRST_HOST))
    numbers: Iterator[int] = field(default_factory=lambda: count(1_000_000))
    pressed: int = 0
    name: str = "Ada"  # of everybody

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Hypothesis describes each call: all that hangs on a stage takes it minutes."""
        printer.text("doors")

    async def open(self, number: int) -> None:
        """Once; nobody is a stranger, so that each may be asked something."""
        if self.stage.process:
            return
        hosts = range(FIRST_HOST, FIRST_HOST + number)
        await self.stage.opens(admin_ids=tuple(hosts), secret_key=KEY, tenant_tools=True)
        declared = json.dumps(DECLARED | {"fields": [{"name": "x", "kind": "text"}]})
        own = AddTool(HOTEL, "free_tables", declared, Actor(1, "Ada"), self.stage.clock.now())
        await self.stage.database.write(lambda connection: apply(connection, [own]))
        await self.stage.publishes(assistants={"vip": {"knowledge": "La suite."}})
        for host in hosts:
            self.stage.telegram.accounts.add_person("Ada", language_code="en", person_id=host)
            await appoint(self.stage, host, "owner")  # some things are not for hosts
            self.says(host, "/done")
        await self.stage.settles()

    async def asks(self, forms: Mapping[int, str | None]) -> None:
        """These hosts are asked for these, everything else is no question any more."""
        change = update(chats).where(chats.c.chat_id == bindparam("host"))
        rows = [{"host": host, "asked": form} for host, form in forms.items()]
        change = change.values(form=bindparam("asked"))
        await self.stage.database.write(lambda connection: connection.execute(change, rows))

    def says(self, host: int, text: str) -> None:
        """A message, however malformed."""
        try:
            entities = detect_entities(text)
        except UnicodeEncodeError:
            entities = []
        self.gives(host, {"text": text, "entities": entities})

    def gives(self, host: int, content: Json) -> None:
        """A message with this in it."""
        self.stage.injects(message=self._message(host) | content)

    def sends(self, host: int, name: str, content: bytes) -> None:
        """A document."""
        upload = Upload(name, "application/octet-stream", content)
        document = self.stage.telegram.world.add_file(upload, folder="documents")
        self.gives(host, media("document", document))

    def presses(self, host: int, data: str) -> None:
        """A button with these data."""
        self.pressed += 1
        whole = data.encode(errors="surrogatepass")[:LARGEST_DATA_BYTES]
        query = {
            "id": str(next(self.numbers)),
            "from": self._user(host),
            "chat_instance": "x",
            "message": self._message(host) | {"message_id": 9, "text": "Card"},
            "data": whole.decode(errors="ignore"),
        }
        self.stage.injects(callback_query=query)

    async def all_answered(self) -> None:
        """Nothing failed, nobody waits for an answer, nothing shows that a program speaks."""
        await self.stage.settles()
        assert self.stage.telemetry.warnings == []
        assert await self.stage.count(UNHEARD) == 0
        said = [text for (text,) in await self.stage.rows("SELECT text FROM outbox")]
        assert [text for text in said if any(leak in text for leak in LEAKS)] == []
        assert len(self.stage.telegram.calls.of("answerCallbackQuery")) == self.pressed
        assert await self.stage.count("SELECT max(version) FROM profiles WHERE tenant_id = 1") == 2

    def _user(self, host: int) -> Json:
        return {"id": host, "is_bot": False, "first_name": self.name, "language_code": "en"}

    def _message(self, host: int) -> Json:
        chat = {"id": host, "type": "private", "first_name": "Ada"}
        return {
            "message_id": next(self.numbers),
            "date": int(self.stage.clock.now()),
            "chat": chat,
            "from": self._user(host),
        }


@pytest.fixture
def doors(closed: Stage) -> Doors:
    closed.public_url = "https://desk.example"
    return Doors(closed)


def _form(name: str, step: str) -> str:
    return json.dumps({"command": name, "tenant": HOTEL, "step": step})


NAMES = [command.name for command in commands()]
QUESTIONS = [_form(name, step) for name, steps in FORMS.items() for step in steps]
FOR_FILES = [one for one in QUESTIONS if "configure" in one or "file" in one or "new" in one]
BUTTONS = [f"{name}:{HOTEL}:{verb}" for name, verbs in PRESSES.items() for verb in verbs]
KNOWN = ("\tx", "\u00a0x", "\0", "\ud800", "9" * 19, "\N{SUPERSCRIPT TWO}", "")  # they once failed


def tried(test: Any) -> Any:
    """With texts of every kind, and with those that once went wrong."""
    for text in KNOWN:
        test = example(text=text)(test)
    return fuzzed(given(text=words)(test))


def test_every_command_has_its_row() -> None:
    assert {*FORMS, *PRESSES} - {"take"} <= {*NAMES}
    assert {command.name for command in commands() if {*command.presses} > {""}} <= {*PRESSES}
    asked = {(name, verb_of(step)) for name, steps in FORMS.items() for step in steps}
    fields = {("configure", name) for name in FIELDS}  # some of them will do
    fields.add(("setup", "try"))  # it asks the model
    assert {
        (one.name, verb) for one in commands() for verb in one.answers
    } - fields == asked - fields


@tried
async def test_words_after_every_command(text: str, doors: Doors) -> None:
    await doors.open(len(NAMES))
    doors.name = text[:LONGEST_NAME]
    for host, name in enumerate(NAMES, FIRST_HOST):
        doors.says(host, f"/{name}{text}" if text[:1].isspace() else f"/{name} {text}")
    await doors.all_answered()


@pytest.mark.long
@tried
async def test_answers_to_every_question(text: str, doors: Doors) -> None:
    await doors.open(len(QUESTIONS))
    asked = dict(enumerate(QUESTIONS, FIRST_HOST))
    await doors.asks(asked)
    for host in asked:
        doors.says(host, text if text.strip() and not text.startswith("/") else f".{text}")
    await doors.all_answered()


@fuzzed
@given(name=names, content=contents)
@example(name="a.toml", content=b'company_name = "a\\u0000b"')
@example(name="\ud800.toml", content=b"\xff\xfe")
async def test_files_for_every_question(name: str, content: bytes, doors: Doors) -> None:
    await doors.open(len(FOR_FILES))
    asked = dict(enumerate(FOR_FILES, FIRST_HOST))
    await doors.asks(asked)
    for host in asked:
        doors.sends(host, name, content)
    await doors.all_answered()


@pytest.mark.long
@pytest.mark.parametrize(
    "content",
    [
        {"location": {"latitude": 45.4, "longitude": 9.2}},
        {"voice": {"file_id": "x", "file_unique_id": "x", "duration": 1}},
        {"photo": [], "caption": "company_name: Hotel"},
        {"dice": {"emoji": "🎲", "value": 6}},
        {"document": {"file_id": "x", "file_unique_id": "x"}},
        {"document": {"file_id": "x", "file_unique_id": "x"}, "caption": "/configure AB12-CD34"},
        {"document": {"file_id": "x", "file_unique_id": "x"}, "caption": "/knowledge"},
        {"text": ""},
        {},
    ],
)
async def test_what_is_no_text_for_every_question(content: Json, doors: Doors) -> None:
    await doors.open(len(QUESTIONS))
    asked = dict(enumerate(QUESTIONS, FIRST_HOST))
    await doors.asks(asked)
    for host in asked:
        doors.gives(host, content)
    await doors.all_answered()


@pytest.mark.long
@fuzzed
@given(
    data=st.lists(
        st.builds("{} {:.64}".format, st.sampled_from(BUTTONS), words)
        | st.builds("{}:{}:{:.64}".format, st.sampled_from(NAMES), st.sampled_from("01²x"), words),
        min_size=20,
        max_size=20,
    )
)
@example(data=[f"{button} {text}" for button in BUTTONS for text in ("", "9" * 19)])
@example(data=[f"{button}\t\0x" for button in BUTTONS])
async def test_words_of_every_button(data: Sequence[str], doors: Doors) -> None:
    await doors.open(MOST_DOORS)
    for number, one in enumerate(data):
        doors.presses(FIRST_HOST + number % MOST_DOORS, one)
    await doors.all_answered()

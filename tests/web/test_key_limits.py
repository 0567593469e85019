"""What a company allows each of its programs: messages a minute, and tokens a day."""

from bot.core.texts import Text, say
from db.api_keys import LimitKey, Scope, of_key
from db.journal import apply
from tests.databases import SEEDED_AT
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import appoint
from tests.web.conftest import ADA, Programs
from tests.web.test_programs import answered


async def limit(stage: Stage, **limits: int) -> None:
    change = LimitKey(1, 1, limits, ADA, SEEDED_AT)
    assert await stage.database.write(lambda connection: apply(connection, [change])) == [True]


async def test_a_key_has_messages_of_its_own(stage: Stage, program: Programs) -> None:
    """[61] All clients of the program together."""
    stage.clock.speed = 1.0
    crm = await program(Scope.CHAT)
    await limit(stage, messages_per_minute=2)
    stage.will_say("Sì.")
    body = {"id": "m1", "text": "Avete posto?"}
    said = [await crm.asks("POST", f"/v1/chats/guest-{n}/messages", body) for n in range(3)]
    assert [one.status for one in said] == [202, 202, 429]
    assert said[0].headers["ratelimit-policy"] == '"key";q=2;w=60'
    stage.will_say("Sì.")
    await stage.settles()


async def test_a_key_that_used_its_tokens_asks_no_model(stage: Stage, program: Programs) -> None:
    """[62] Its clients are told kindly, the company's owners once."""
    crm = await program(Scope.CHAT)
    olga = stage.person("Olga", "it")
    olga.writes("/start")
    await olga.receives(2)
    await appoint(stage, olga.chat_id, "owner")
    await limit(stage, daily_tokens=1)
    stage.will_say("Dalle 14:00.")
    body = {"external_id": "guest-7", "id": "q1", "text": "Check-in?", "language": "it"}
    first = await answered(crm, body)
    assert [one["text"] for one in first.body["messages"]] == [AI_NOTICE, "Dalle 14:00."]
    for own in ("q2", "q3"):
        spent = await answered(crm, body | {"id": own})
        assert [one["text"] for one in spent.body["messages"]] == [say(Text.DAILY_CAP, "it")]
    stage.warns("turn failed")
    assert len(stage.asked()) == 1
    told = say(Text.KEY_DAILY_CAP, "it", name="crm")
    heard = [message["text"] for message in await olga.receives(2)]
    assert heard.count(told) == 1, "and that a client was not served"
    await stage.settles()
    counted = await stage.rows("SELECT day FROM tokens ORDER BY day")
    assert [day.partition(" ")[2] for (day,) in counted] == ["", "-3", of_key(1)]

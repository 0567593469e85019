"""A company's program publishes what the company says of itself; two companies never meet."""

from dataclasses import replace

from pydantic import SecretStr

from bot.core.api_keys import PURPOSE, SECRET, written
from bot.ops.vault import KeyVault
from db.api_keys import IssueKey, Scope
from db.drafts import Change
from db.journal import apply
from db.records import Actor
from db.tenants import SaveProfile
from tests.databases import SEEDED_AT
from tests.scenarios.company import BANK
from tests.scenarios.stage import AI_NOTICE, HOTEL, Stage
from tests.scenarios.web import FORGETTABLE
from tests.web.conftest import ADA, Programs
from tests.web.reader import Reader

UPDATE = "/v1/threads/update"


async def bank(stage: Stage, page: Reader) -> Reader:
    """The program of another company."""
    secret = "1" * SECRET
    digest = KeyVault.open(SecretStr(FORGETTABLE)).digests(secret, purpose=PURPOSE)[0]
    scopes = frozenset({Scope.CHAT})
    found = SaveProfile("banca", BANK.model_dump_json(), "test", SEEDED_AT)
    issue = IssueKey(tenant=2, name="bank", digest=digest, scopes=scopes, actor=ADA, now=SEEDED_AT)
    rows = await stage.database.write(lambda connection: apply(connection, [found, issue]))
    return replace(page, origin=None, token=written(rows[1], secret))


async def test_fields_are_published_and_the_rest_stays(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.PROFILE_WRITE)
    body = {"company_name": "Hotel Luna", "escalation_phrase": "Chieda al banco.", "env": "dev"}
    answer = await crm.asks("POST", UPDATE, body)
    assert answer.status == 200, answer
    told = answer.body
    assert {name: told[name] for name in ("id", "object", "name", "model")} == {
        "id": "hotel",
        "object": "assistant",
        "name": HOTEL.assistant_name,
        "model": "gpt-6-luna",
    }
    assert told["metadata"] == {
        "company_name": "Hotel Luna",
        "sector": HOTEL.sector,
        "version": "2",
    }
    assert "Chieda al banco." in told["instructions"]
    assert HOTEL.knowledge in told["instructions"]
    trail = await stage.rows("SELECT actor, action, subject, new FROM audit WHERE actor = 'crm'")
    assert trail == [
        ("crm", "published", "company_name", "Hotel Luna"),
        ("crm", "published", "escalation_phrase", "Chieda al banco."),
    ]
    assert (await crm.asks("POST", UPDATE, {})).body["metadata"]["version"] == "2"


async def test_what_an_admin_drafts_is_not_published_with_it(
    stage: Stage, program: Programs
) -> None:
    crm = await program(Scope.PROFILE_WRITE)
    draft = Change(1, {"sector": "Terme"}, Actor(7, "Ada"), SEEDED_AT, ())
    await stage.database.write(lambda connection: apply(connection, [draft]))
    answer = await crm.asks("POST", UPDATE, {"assistant_name": "Luna"})
    assert (answer.body["name"], answer.body["metadata"]["sector"]) == ("Luna", HOTEL.sector)


async def test_the_next_answer_knows_it(stage: Stage, program: Programs) -> None:
    crm = await program(Scope.PROFILE_WRITE, Scope.CHAT)
    await crm.asks("POST", UPDATE, {"knowledge": "Il check-in è dalle 17:00."})
    stage.will_say("Dalle 17:00.")
    await crm.asks("POST", "/api/chat", {"message": "Check-in?"})
    assert "dalle 17:00" in stage.asked()[-1]["instructions"]
    await stage.settles()


async def test_what_does_not_fit_is_told(program: Programs) -> None:
    crm = await program(Scope.PROFILE_WRITE)
    for raw, words in (
        (b"sector=Hotel", "The body is no JSON object."),
        (b'{"sector": 7}', "sector is a text."),
        (b'{"sector": "a\\u0000"}', "sector is a text."),
        (b'{"sector": "%s"}' % (b"a" * 500), "Sector: shorten it to at most"),
    ):
        refused = await crm.asks("POST", UPDATE, raw=raw)
        assert refused.status == 400
        assert words in refused.body["error"]


async def test_a_key_that_is_not_for_this_publishes_nothing(program: Programs) -> None:
    crm = await program(Scope.CHAT, Scope.READ)
    refused = await crm.asks("POST", UPDATE, {"sector": "Terme"})
    assert (refused.status, refused.body) == (
        403,
        {"error": "The key lacks the scope profile:write."},
    )


async def test_the_same_names_at_two_companies_are_two_callers(
    stage: Stage, page: Reader, program: Programs
) -> None:
    """[60] And the thread of one is not there for the other."""
    hotel, banca = await program(Scope.CHAT), await bank(stage, page)
    body = {"user_id": "anna", "message": "Buongiorno"}
    for one, notice in ((hotel, AI_NOTICE), (banca, BANK.ai_notice)):
        stage.will_say("Salve.")
        answer = await one.asks("POST", "/api/chat", body)
        assert answer.body["answer"] == f"{notice}\n\nSalve."
    stage.will_say("Salve.")
    mine = await hotel.asks("POST", "/v1/threads/chat", {"content": "Buongiorno"})
    theirs = {"content": "Buongiorno", "thread_id": mine.body["thread_id"]}
    refused = await banca.asks("POST", "/v1/threads/chat", theirs)
    assert (refused.status, refused.body) == (404, {"error": "There is no such thread."})
    await stage.settles()

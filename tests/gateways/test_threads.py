"""Clients of a server with threads: by changing an address, as its page and as its code had it."""

from db.api_keys import Scope
from tests.gateways.test_update import bank
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.web.conftest import Programs
from tests.web.reader import Answer, Reader

CHAT = "/v1/threads/chat"
NOTHING = "Provide 'content' or 'files' with {url, mediaType}."
# curl -X POST https://desk.example/v1/threads/chat -d '...', which says that it sends a form.
AS_CURL = {"Content-Type": "application/x-www-form-urlencoded"}
NONE = {
    b"": 400,
    b"content=Buongiorno": 400,
    b'["content"]': 400,
    b'{"content": ""}': 400,
    b'{"content": 7}': 400,
    b'{"content": "a\\u0000"}': 400,
    b'{"content": "\\ud800"}': 400,
    b'{"content": "%s"}' % (b"a" * 4097): 400,
    b'{"content": "%s"}' % (b"a" * 70_000): 413,
    b"[" * 60_000: 400,
}


async def said(
    stage: Stage, crm: Reader, *bubbles: str, path: str = CHAT, **body: object
) -> Answer:
    stage.will_say(*bubbles)
    answer = await crm.asks("POST", path, body, headers=AS_CURL)
    assert answer.status == 200, answer
    await stage.settles()
    return answer


async def test_a_thread_begins_and_goes_on(stage: Stage, program: Programs) -> None:
    """[43] Both shapes of such servers in one answer."""
    crm = await program(Scope.CHAT)
    first = await said(
        *(stage, crm, "Dalle 14:00.", "A che ora arriva?"),
        content="A che ora è il check-in?",
        role="assistant",  # a caller does not say who speaks
        client_info={"nome": "Anna"},
    )
    bubbles = [AI_NOTICE, "Dalle 14:00.", "A che ora arriva?"]
    thread = first.body["thread_id"]
    assert first.body == {
        "assistant": "default",
        "thread_id": thread,
        "message": "\n\n".join(bubbles),
        "messages": bubbles,
    }
    again = await said(stage, crm, "Sì.", content="E il parcheggio?", thread_id=thread)
    assert (again.body["thread_id"], again.body["messages"]) == (thread, ["Sì."])
    assert [lines[0].splitlines()[0] for lines in stage.inputs()] == [
        "A che ora è il check-in?",
        "E il parcheggio?",
    ]
    assert "Anna" in stage.inputs()[0][0]


async def test_an_assistant_is_named_as_the_company_is(stage: Stage, program: Programs) -> None:
    """[49] Another company's is as unknown as one that nobody has."""
    crm = await program(Scope.CHAT)
    await bank(stage, crm)
    answer = await said(stage, crm, "Salve.", path=f"{CHAT}/Hotel", content="Buongiorno")
    assert answer.body["assistant"] == "Hotel"
    for name in ("banca", "bancas"):
        refused = await crm.asks("POST", f"{CHAT}/{name}", {"content": "Buongiorno"})
        assert (refused.status, refused.body) == (404, {"error": f"Unknown assistant '{name}'."})


async def test_a_thread_of_nobodys_or_of_anothers_is_not_there(
    stage: Stage, program: Programs
) -> None:
    """[43] One answer for both."""
    crm = await program(Scope.CHAT)
    stage.will_say("Salve.")
    other = await crm.asks("POST", "/api/chat", {"user_id": "anna", "message": "Buongiorno"})
    assert other.status == 200
    for thread in ("anna", "thread_of_nobody", "users:anna", 7):
        body = {"content": "Buongiorno", "thread_id": thread}
        refused = await crm.asks("POST", CHAT, body)
        assert (refused.status, refused.body) == (404, {"error": "There is no such thread."})
    await stage.settles()


async def test_what_is_no_question_is_refused(stage: Stage, program: Programs) -> None:
    """[50] And nothing of it is stored."""
    crm = await program(Scope.CHAT)
    for raw, status in NONE.items():
        refused = await crm.asks("POST", CHAT, raw=raw, headers=AS_CURL)
        assert (refused.status, [*refused.body]) == (status, ["error"]), raw[:40]
    assert await stage.count("SELECT count(*) FROM updates") == 0


async def test_who_asks_again_gets_the_answer_that_was_late(
    stage: Stage, program: Programs
) -> None:
    """[45] By its Idempotency-Key: the same thread, the same turn."""
    stage.clock.speed = 100.0
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=600)
    headers = {**AS_CURL, "Idempotency-Key": '"q-1"'}
    late = await crm.asks("POST", CHAT, {"content": "Check-in?"}, headers=headers)
    thread = late.body["thread_id"]
    assert (late.status, late.body["error"]) == (
        504,
        "Run not completed (status=in_progress, waited=30.0s).",
    )
    await stage.settles()
    answer = await crm.asks("POST", CHAT, {"content": "Check-in?"}, headers=headers)
    assert answer.body["thread_id"] == thread
    assert answer.body["messages"] == [AI_NOTICE, "Dalle 14:00."]
    assert len(stage.asked()) == 1
    other = await crm.asks("POST", CHAT, {"content": "Parcheggio?"}, headers=headers)
    assert (other.status, [*other.body]) == (422, ["error"])

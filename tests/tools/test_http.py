"""A company's own address as a tool: what goes there, and what the model is told of it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.core.calls import RESULT_BYTES, Effect
from bot.core.declared import DeclaredField, DeclaredTool, FieldKind, Method
from bot.errors import ToolError
from bot.net.outside import NoReply, open_outside
from bot.ports import ToolContext
from bot.tools.company.http import HttpTool, http_tool
from tests.systems import System, serving
from tests.tools.strict import complaints

SECRET = 'Bearer s3cr3t"-of-the-hotel'
FIELDS = (
    DeclaredField(name="day", kind=FieldKind.DATE, does="The day."),
    DeclaredField(name="people", kind=FieldKind.NUMBER, required=False),
    DeclaredField(name="late", kind=FieldKind.YES_NO, required=False),
    DeclaredField(name="note", kind=FieldKind.TEXT, required=False),
)
ARGUMENTS = '{"day": "2027-01-31", "people": 4, "late": null, "note": null}'
CONTEXT = ToolContext("hotel", 1, "it", "the-key", datetime.now(UTC), 5.0)


async def called(
    answer: web.Response, arguments: str = ARGUMENTS, **declared: object
) -> tuple[dict[str, object], System]:
    """What the model is told, and what was asked."""

    async def answers(_: web.BaseRequest) -> web.Response:
        return answer

    async with serving(answers) as system, open_outside(("127.0.0.1",)) as outside:
        values: Mapping[str, object] = {
            **{"does": "x", "address": f"{system.url}free", "fields": FIELDS, "header": "X-Key"},
            **declared,
        }
        tool: HttpTool = http_tool(
            "free", DeclaredTool.model_validate(values), outside, secret=SECRET
        )
        tool.check(arguments)
        said = json.loads(await tool.call(CONTEXT, arguments))
    data: dict[str, object] = said["data"]
    return data, system


async def test_what_is_told_to_the_model_is_a_strict_schema() -> None:
    async with open_outside() as outside:
        declared = DeclaredTool(does="x", address="https://a.example/", fields=FIELDS)
        tool = http_tool("free", declared, outside, secret=None)
    assert complaints(dict(tool.definition.parameters)) == []
    assert (tool.confirm, tool.effect, tool.host) == (False, Effect.READ, "a.example")


async def test_json_is_told_as_it_is() -> None:
    data, system = await called(web.json_response({"tables": [7, 8]}))
    assert data == {"status": "success", "message": "Done.", "tables": [7, 8]}
    (asked,) = system.asked
    assert asked.raw_path == "/free?day=2027-01-31&people=4"
    assert asked.headers["X-Key"] == SECRET


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (web.Response(text="Seven."), {"status": "success", "message": "Seven."}),
        (web.Response(status=204), {"status": "success", "message": "Done."}),
        (web.json_response([7]), {"status": "success", "message": "Done.", "answer": [7]}),
        (
            web.json_response({"data": {"status": "failure", "message": "Full."}}),
            {"status": "failure", "message": "Full."},
        ),
        (
            web.json_response({"status": "confirmed"}),
            {"status": "success", "message": "Done.", "result": {"status": "confirmed"}},
        ),
    ],
)
async def test_whatever_comes_is_told(answer: web.Response, told: dict[str, object]) -> None:
    assert (await called(answer))[0] == told


async def test_of_a_long_answer_the_model_is_told_the_beginning() -> None:
    data, _ = await called(web.Response(text="x" * 200_000))
    assert len(json.dumps({"data": data})) <= RESULT_BYTES + 10
    assert str(data["note"]).startswith("There is more")


@pytest.mark.parametrize(
    "said",
    [
        SECRET,
        json.dumps({"echo": SECRET}),
        's3cr3t"-of-the-hotel',
        '{"e": "s3cr3t\\u0022-of-the-hotel"}',
    ],
)
async def test_a_secret_that_comes_back_is_hidden(said: str) -> None:
    data, _ = await called(web.Response(text=said))
    assert "s3cr3t" not in json.dumps(data)
    with pytest.raises(ToolError) as refused:
        await called(web.Response(status=401, text=said))
    assert "s3cr3t" not in str(refused.value)


async def test_a_call_carries_its_key_only_where_that_is_understood() -> None:
    write = {"method": Method.POST, "effect": Effect.WRITE}
    _, blind = await called(web.Response(), **write)
    _, keyed = await called(web.Response(), **write, idempotent=True)
    assert "Idempotency-Key" not in blind.asked[0].headers
    assert keyed.asked[0].headers["Idempotency-Key"] == "the-key"
    assert keyed.bodies == ['{"day": "2027-01-31", "people": 4}']


@pytest.mark.parametrize("status", [302, 408, 500, 503])
async def test_of_a_change_nobody_knows_where_no_clear_answer_came(status: int) -> None:
    with pytest.raises(NoReply):
        await called(web.Response(status=status), effect=Effect.WRITE)
    with pytest.raises(ToolError, match=str(status)):
        await called(web.Response(status=status))


async def test_what_is_refused_was_not_done() -> None:
    with pytest.raises(ToolError, match=r"refused \(409\): Full."):
        await called(web.Response(status=409, text="Full."), effect=Effect.WRITE)


@pytest.mark.parametrize(
    "arguments",
    [
        "{}",
        '{"day": "tomorrow", "people": null, "late": null, "note": null}',
        '{"day": "2027-01-31", "people": "4", "late": null, "note": null}',
        '{"day": "2027-01-31", "people": 4, "late": null, "note": null, "more": 1}',
    ],
)
async def test_arguments_that_do_not_fit_go_nowhere(arguments: str) -> None:
    with pytest.raises(ToolError):
        await called(web.Response(), arguments)


async def test_what_leads_inside_is_not_called() -> None:
    async with open_outside() as outside:
        declared = DeclaredTool(does="x", address="https://localhost/")
        tool = http_tool("free", declared, outside, secret=None)
        with pytest.raises(ToolError, match="private network"):
            await tool.call(CONTEXT, "{}")


async def test_with_a_secret_that_is_lost_nothing_is_called() -> None:
    async with open_outside() as outside:
        declared = DeclaredTool(does="x", address="https://a.example/", header="X-Key")
        tool = http_tool("free", declared, outside, secret=None, lost=True)
        with pytest.raises(ToolError, match="not set up"):
            await tool.call(CONTEXT, "{}")

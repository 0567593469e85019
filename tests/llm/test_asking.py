"""Asking over HTTP, with the real SDK, against the emulator: what goes well and what does not."""

from contextlib import aclosing

import pytest

from bot.core.calls import Output
from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    OutOfCredit,
    RetryElsewhere,
    RetryLater,
    SportelloError,
    Unauthorized,
    Unserved,
)
from bot.llm.model import open_model
from bot.playground.openai import FaultKind
from bot.ports import AllSaid, AnswerState, Began, BubbleClosed, Line, Speaker, Speaking, Usage
from tests.llm.support import KEY, UNMARKED, Desk, deltas_of


class TestAnAnswer:
    async def test_comes_bubble_by_bubble(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")

        answer = await desk.ask()

        assert desk.events == [
            Began(answer.response_id),
            Speaking(),
            BubbleClosed("Dalle 14:00."),
            BubbleClosed("A che ora arriva?"),
            AllSaid(),
            answer,
        ]
        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == ("Dalle 14:00.", "A che ora arriva?")
        assert answer.model == "gpt-6-luna"
        assert answer.usage.output_tokens > 0
        assert desk.times_asked() == 1

    async def test_tells_the_last_item_of_the_conversation(self, desk: Desk) -> None:
        desk.will_say("Sì.")

        answer = await desk.ask()

        items = await desk.model.items_after(desk.conversation, None)
        assert items[-1].item_id == answer.last_item_id

    async def test_follows_instructions_that_are_sent_each_time(self, desk: Desk) -> None:
        desk.will_say("Sì.")

        await desk.ask(instructions="Be brief.", effort="low", cache_key="tenant-7-2")

        sent = desk.emulator.records.requests[-1].body
        assert sent is not None
        assert sent["instructions"] == "Be brief."
        assert sent["reasoning"] == {"effort": "low"}
        assert sent["prompt_cache_key"] == "tenant-7-2"
        assert sent["store"] is True
        assert sent["text"]["format"]["strict"] is True
        assert not {"temperature", "top_p", "previous_response_id", "prompt"} & set(sent)

    async def test_to_what_the_conversation_already_holds(self, desk: Desk) -> None:
        await desk.model.seed(
            desk.conversation, [Line(Speaker.CLIENT, "C'è un parcheggio?")], model=UNMARKED
        )
        desk.will_say("{input}")

        answer = await desk.ask(lines=())

        assert answer.bubbles == ("C'è un parcheggio?",)

    async def test_of_nothing_has_no_bubbles(self, desk: Desk) -> None:
        desk.will_say()

        answer = await desk.ask()

        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == ()

    async def test_that_is_not_json_is_one_bubble(self, desk: Desk) -> None:
        desk.will_say(raw="Dalle 14:00, senza impegno.")

        answer = await desk.ask()

        assert desk.closed == ()
        assert answer.bubbles == ("Dalle 14:00, senza impegno.",)

    async def test_of_another_schema_is_read_too(self, desk: Desk) -> None:
        desk.will_say(raw='{"reply":"Dalle 14:00."}')

        assert (await desk.ask()).bubbles == ("Dalle 14:00.",)

    async def test_cut_by_the_token_limit_keeps_what_was_said(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "La colazione comincia alle sette e mezza", "Mai detto.")
        deltas = deltas_of("Dalle 14:00.", then="La colazione comincia alle set")
        desk.will_fail(FaultKind.INCOMPLETE, after_deltas=deltas)

        answer = await desk.ask()

        assert desk.closed == ("Dalle 14:00.",)
        assert answer.state is AnswerState.INCOMPLETE
        assert answer.cause == "max_output_tokens"
        assert answer.bubbles == ("Dalle 14:00.", "La colazione comincia alle…")

    async def test_stopped_by_a_filter_shows_no_more_than_it_did(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "La colazione comincia alle sette e mezza", "Mai detto.")
        deltas = deltas_of("Dalle 14:00.", then="La colazione comincia alle set")
        desk.will_fail(FaultKind.INCOMPLETE, after_deltas=deltas, code="content_filter")

        answer = await desk.ask()

        assert answer.state is AnswerState.INCOMPLETE
        assert answer.cause == "content_filter"
        assert answer.bubbles == ("Dalle 14:00.",)

    async def test_that_is_a_refusal_is_its_text(self, desk: Desk) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(FaultKind.REFUSAL, text="Non posso aiutarla in questo.")

        answer = await desk.ask()

        assert desk.closed == ()
        assert answer.state is AnswerState.REFUSED
        assert answer.bubbles == ("Non posso aiutarla in questo.",)

    async def test_that_fails_after_a_bubble_keeps_it(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "Mai detto.")
        desk.will_fail(FaultKind.FAILED, after_deltas=deltas_of("Dalle 14:00."))

        answer = await desk.ask()

        assert answer.state is AnswerState.FAILED
        assert answer.cause.startswith("server_error req_")
        assert answer.bubbles == desk.closed == ("Dalle 14:00.",)
        assert answer.usage == Usage()

    @pytest.mark.parametrize("kind", [FaultKind.ERROR_EVENT, FaultKind.ERROR_FIELD])
    async def test_that_ends_in_an_error_event_keeps_it_too(
        self, desk: Desk, kind: FaultKind
    ) -> None:
        desk.will_say("Dalle 14:00.", "Mai detto.")
        desk.will_fail(kind, after_deltas=deltas_of("Dalle 14:00."), code="rate_limit_exceeded")

        answer = await desk.ask()

        assert answer.state is AnswerState.FAILED
        assert answer.cause.startswith("rate_limit_exceeded req_")
        assert answer.bubbles == ("Dalle 14:00.",)


class TestARefusedRequest:
    @pytest.mark.parametrize(
        ("kind", "fields", "error"),
        [
            (FaultKind.LOCKED, {}, RetryElsewhere(2.0)),
            (FaultKind.RATE_LIMIT, {}, RetryLater(5.0)),
            (FaultKind.RATE_LIMIT, {"retry_after": 17.0}, RetryLater(17.0)),
            (FaultKind.RATE_LIMIT, {"code": "slow_down"}, RetryLater(10.0)),
            (FaultKind.SERVER_ERROR, {}, RetryElsewhere(1.0)),
            (FaultKind.OVERLOADED, {}, RetryLater(5.0)),
            (FaultKind.STATUS, {"status": 409}, RetryLater(1.0)),
        ],
    )
    async def test_may_be_sent_again_later(
        self, desk: Desk, kind: FaultKind, fields: dict[str, object], error: RetryLater
    ) -> None:
        desk.will_fail(kind, **fields)

        with pytest.raises(type(error)) as caught:
            await desk.ask()

        assert (type(caught.value), caught.value.after) == (type(error), error.after)
        assert desk.events == []
        assert desk.times_asked() == 1

    async def test_while_another_answer_is_under_way_is_locked_out(self, desk: Desk) -> None:
        desk.will_say("Un attimo.")
        desk.will_fail(FaultKind.SLOW)
        async with aclosing(desk.stream()) as under_way:
            assert isinstance(await anext(under_way), Began)

            with pytest.raises(RetryLater, match="conversation_locked"):
                await desk.ask()

    @pytest.mark.parametrize("code", ["insufficient_quota", "credit_balance_exhausted"])
    async def test_for_want_of_credit_is_for_the_hosts(self, desk: Desk, code: str) -> None:
        desk.will_fail(FaultKind.NO_CREDIT, code=code)

        with pytest.raises(OutOfCredit):
            await desk.ask()

        assert desk.times_asked() == 1

    @pytest.mark.parametrize(("status", "error"), [(401, Unauthorized), (403, Unserved)])
    async def test_for_who_asks_is_for_the_hosts(
        self, desk: Desk, status: int, error: type[SportelloError]
    ) -> None:
        desk.will_fail(FaultKind.STATUS, status=status)

        with pytest.raises(error):
            await desk.ask()

        assert desk.times_asked() == 1

    async def test_on_a_lost_conversation_says_so(self, desk: Desk) -> None:
        with pytest.raises(ConversationGone):
            await desk.ask(conversation_id="conv_lost")

        assert desk.times_asked() == 1

    async def test_for_its_model_is_no_lost_conversation(self, desk: Desk) -> None:
        with pytest.raises(Unserved, match="404 model_not_found req_"):
            await desk.ask(model="gpt-2")

    async def test_that_is_too_long_says_so(self, desk: Desk) -> None:
        with pytest.raises(ContextOverflow):
            await desk.ask(instructions="word " * 30_000)

        assert desk.times_asked() == 1

    async def test_that_is_wrong_is_given_up(self, desk: Desk) -> None:
        desk.will_fail(FaultKind.STATUS, status=400, code="invalid_value")

        with pytest.raises(GiveUp, match="400 invalid_value"):
            await desk.ask()

        assert desk.times_asked() == 1

    async def test_for_an_orphaned_call_names_it(self, desk: Desk) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(FaultKind.FUNCTION_CALL)
        assert (await desk.ask()).bubbles == ()
        desk.events.clear()

        with pytest.raises(CallUnanswered) as caught:
            await desk.ask()
        outputs = [Output(call_id, "nothing") for call_id in caught.value.call_ids]
        await desk.model.answer_calls(desk.conversation, outputs)
        desk.will_say("Eccomi.")

        assert (await desk.ask()).bubbles == ("Eccomi.",)


class TestAResponseThatFailsBeforeItsFirstBubble:
    @pytest.mark.parametrize(
        "kind", [FaultKind.FAILED, FaultKind.ERROR_EVENT, FaultKind.ERROR_FIELD]
    )
    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("server_error", RetryElsewhere),
            ("rate_limit_exceeded", RetryLater),
            ("insufficient_quota", OutOfCredit),
            ("context_length_exceeded", ContextOverflow),
            ("invalid_prompt", GiveUp),
        ],
    )
    async def test_raises_what_it_failed_of(
        self, desk: Desk, kind: FaultKind, code: str, error: type[SportelloError]
    ) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(kind, after_deltas=2, code=code)

        with pytest.raises(error) as caught:
            await desk.ask()

        assert type(caught.value) is error
        assert caught.value.why
        assert caught.value.why.code == code
        assert caught.value.why.request_id.startswith("req_")
        assert desk.closed == ()
        assert desk.times_asked() == 1


class TestALostAnswer:
    @pytest.mark.parametrize("kind", [FaultKind.SILENT_END, FaultKind.CUT])
    @pytest.mark.parametrize("after_deltas", [-1, 0, deltas_of("Dalle 14:00.")])
    async def test_is_in_doubt_wherever_the_stream_breaks(
        self, desk: Desk, kind: FaultKind, after_deltas: int
    ) -> None:
        desk.will_say("Dalle 14:00.", "Mai arrivato.")
        desk.will_fail(kind, after_deltas=after_deltas)

        with pytest.raises(InDoubt):
            await desk.ask()

        assert desk.closed == (("Dalle 14:00.",) if after_deltas > 0 else ())
        assert desk.times_asked() == 1

    async def test_can_be_looked_up(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "Arrivato dopo.")
        desk.will_fail(FaultKind.SILENT_END, after_deltas=deltas_of("Dalle 14:00."))
        with pytest.raises(InDoubt):
            await desk.ask()
        began = desk.events[0]
        assert isinstance(began, Began)

        answer = await desk.model.retrieve(began.response_id)

        assert answer.state is AnswerState.COMPLETED
        assert answer.bubbles == ("Dalle 14:00.", "Arrivato dopo.")

    @pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.SLOW])
    async def test_is_in_doubt_when_nothing_comes(
        self, desk: Desk, url: str, kind: FaultKind
    ) -> None:
        desk.will_say("Mai arrivato.")
        desk.will_fail(kind)

        async with open_model(api_key=KEY, base_url=url, silence_seconds=0.1) as desk.model:
            with pytest.raises(InDoubt, match="cut"):
                await desk.ask()

        assert desk.closed == ()
        assert desk.times_asked() == 1

    @pytest.mark.parametrize("status", [502, 504])
    async def test_is_in_doubt_when_a_gateway_lost_sight_of_it(
        self, desk: Desk, status: int
    ) -> None:
        desk.will_fail(FaultKind.STATUS, status=status)

        with pytest.raises(InDoubt):
            await desk.ask()

        assert desk.times_asked() == 1

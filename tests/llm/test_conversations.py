import pytest

from bot.core.calls import Output
from bot.errors import ConversationGone, GiveUp, RetryLater
from bot.llm.requests import BEGINNING
from bot.playground.openai import Fault, FaultKind
from bot.playground.openai.parts import output_text
from bot.ports import AnswerState, Line, Speaker
from tests.llm.support import CLIENT_TEXT, UNMARKED, Desk, deltas_of


def client(text: str) -> Line:
    return Line(Speaker.CLIENT, text)


def assistant(text: str) -> Line:
    return Line(Speaker.ASSISTANT, text)


async def said(desk: Desk) -> list[tuple[Speaker | None, tuple[str, ...]]]:
    """What the conversation holds, read back."""
    items = await desk.model.items_after(desk.conversation, None)
    return [(item.role, item.bubbles) for item in items]


def times_added(desk: Desk) -> int:
    requests = desk.emulator.records.requests
    return sum(r.method == "POST" and r.path.endswith("/items") for r in requests)


class TestSeeding:
    async def test_restores_a_dialogue_as_the_model_wrote_it(self, desk: Desk) -> None:
        lines = [client("Ciao"), assistant("Salve!"), assistant("Mi dica."), client("Il bar?")]

        await desk.model.seed(
            desk.conversation, [*lines, Line(Speaker.DESK, "Go on.")], model=UNMARKED
        )

        assert await said(desk) == [
            (Speaker.CLIENT, ("Ciao",)),
            (Speaker.ASSISTANT, ("Salve!", "Mi dica.")),
            (Speaker.CLIENT, ("Il bar?",)),
            (Speaker.DESK, ("Go on.",)),
        ]

    async def test_takes_twenty_items_at_a_time(self, desk: Desk) -> None:
        await desk.model.seed(
            desk.conversation, [client(str(n)) for n in range(41)], model=UNMARKED
        )

        assert times_added(desk) == 3
        assert [bubbles for _, bubbles in await said(desk)] == [(str(n),) for n in range(41)]

    async def test_again_after_an_interruption_adds_only_the_rest(self, desk: Desk) -> None:
        lines = [client(str(n)) for n in range(30)]
        await desk.model.seed(desk.conversation, lines[:20], model=UNMARKED)

        await desk.model.seed(desk.conversation, lines, model=UNMARKED)

        assert [bubbles for _, bubbles in await said(desk)] == [(str(n),) for n in range(30)]

    async def test_begins_with_one_mark_for_the_cache(self, desk: Desk) -> None:
        lines = [client("Ciao"), assistant("Salve!")]
        for some in (lines[:1], lines):  # the first was interrupted
            await desk.model.seed(desk.conversation, some, model="gpt-6-luna")

        assert await said(desk) == [
            (Speaker.DESK, (BEGINNING,)),
            (Speaker.CLIENT, ("Ciao",)),
            (Speaker.ASSISTANT, ("Salve!",)),
        ]

    async def test_adds_to_a_dialogue_that_began_otherwise(self, desk: Desk) -> None:
        await desk.model.seed(
            desk.conversation, [client("Ciao"), assistant("Salve!")], model=UNMARKED
        )

        await desk.model.seed(desk.conversation, [client("Salve!"), client("Ciao")], model=UNMARKED)

        assert len(await said(desk)) == 4

    async def test_of_a_lost_conversation_says_so(self, desk: Desk) -> None:
        with pytest.raises(ConversationGone):
            await desk.model.seed("conv_lost", [client("Ciao")], model=UNMARKED)

    async def test_may_be_repeated_when_the_answer_was_lost(self, desk: Desk) -> None:
        desk.will_fail(FaultKind.STATUS, status=504, on="items.create")

        with pytest.raises(RetryLater):
            await desk.model.seed(desk.conversation, [client("Ciao")], model=UNMARKED)


class TestReadingItems:
    async def test_newer_than_one(self, desk: Desk) -> None:
        await desk.model.seed(
            desk.conversation, [client("uno"), client("due"), client("tre")], model=UNMARKED
        )
        first, *rest = await desk.model.items_after(desk.conversation, None)

        assert [*await desk.model.items_after(desk.conversation, first.item_id)] == rest

    async def test_over_several_pages_in_their_order(self, desk: Desk) -> None:
        await desk.model.seed(
            desk.conversation, [client(str(n)) for n in range(130)], model=UNMARKED
        )

        assert [bubbles for _, bubbles in await said(desk)] == [(str(n),) for n in range(130)]

    async def test_all_of_them_when_the_one_is_unknown(self, desk: Desk) -> None:
        await desk.model.seed(desk.conversation, [client("uno")], model=UNMARKED)

        items = await desk.model.items_after(desk.conversation, "msg_of_an_older_conversation")

        assert [item.bubbles for item in items] == [("uno",)]

    async def test_after_an_answer(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")
        await desk.ask()

        assert await said(desk) == [
            (Speaker.CLIENT, (CLIENT_TEXT,)),
            (Speaker.ASSISTANT, ("Dalle 14:00.", "A che ora arriva?")),
        ]

    async def test_finds_no_message_in_commentary(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.")
        desk.will_fail(FaultKind.PREFACE, text='{"messages":["Vedo."]}')
        await desk.ask()

        assert (await said(desk))[1:] == [(None, ()), (Speaker.ASSISTANT, ("Dalle 14:00.",))]

    async def test_reads_each_part_of_a_message_as_a_reply(self, desk: Desk) -> None:
        item = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [output_text('{"messages":["Uno."]}'), output_text('{"messages":["Due."]}')],
        }
        desk.emulator.state.conversation(desk.conversation).items["msg_1"] = item

        assert await said(desk) == [(Speaker.ASSISTANT, ("Uno.", "Due."))]

    async def test_gives_an_item_that_is_listed_twice_once(self, desk: Desk) -> None:
        await desk.model.seed(desk.conversation, [client("uno"), client("due")], model=UNMARKED)
        items = desk.emulator.state.conversation(desk.conversation).items
        items["again"] = next(iter(items.values()))

        assert await said(desk) == [(Speaker.CLIENT, ("uno",)), (Speaker.CLIENT, ("due",))]

    async def test_gives_a_refusal_as_its_text(self, desk: Desk) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(FaultKind.REFUSAL, text="Non posso.")
        await desk.ask()

        assert (await said(desk))[-1] == (Speaker.ASSISTANT, ("Non posso.",))

    async def test_gives_a_cut_answer_as_it_was_given(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "La colazione è alle sette")
        deltas = deltas_of("Dalle 14:00.", then="La colazione è al")
        desk.will_fail(FaultKind.INCOMPLETE, after_deltas=deltas)
        answer = await desk.ask()

        assert (await said(desk))[-1] == (Speaker.ASSISTANT, answer.bubbles)

    async def test_that_are_no_messages_have_no_role(self, desk: Desk) -> None:
        desk.will_say("Mai detto.")
        desk.will_fail(FaultKind.FUNCTION_CALL)
        await desk.ask()

        call = (await desk.model.items_after(desk.conversation, None))[-1]

        assert (call.role, call.bubbles) == (None, ())

    async def test_of_a_lost_conversation_says_so(self, desk: Desk) -> None:
        with pytest.raises(ConversationGone):
            await desk.model.items_after("conv_lost", "msg_1")


class TestRetrieving:
    async def test_gives_the_same_answer_again(self, desk: Desk) -> None:
        desk.will_say("Dalle 14:00.", "A che ora arriva?")
        answer = await desk.ask()

        assert await desk.model.retrieve(answer.response_id) == answer

    async def test_tells_when_it_is_under_way(self, desk: Desk) -> None:
        desk.will_say("Un attimo.")
        desk.will_fail(FaultKind.SLOW)
        stream = desk.stream()
        began = await anext(stream)

        answer = await desk.model.retrieve(getattr(began, "response_id", ""))

        assert answer.state is AnswerState.RUNNING
        assert answer.bubbles == ()
        await stream.aclose()

    async def test_an_unknown_one_is_given_up(self, desk: Desk) -> None:
        with pytest.raises(GiveUp):
            await desk.model.retrieve("resp_unknown")

    async def test_may_be_tried_again(self, desk: Desk) -> None:
        desk.will_fail(FaultKind.SERVER_ERROR, on="responses.retrieve")

        with pytest.raises(RetryLater):
            await desk.model.retrieve("resp_1")


class TestAnsweringCalls:
    async def test_takes_twenty_at_a_time(self, desk: Desk) -> None:
        await desk.model.answer_calls(
            desk.conversation, [Output(f"call_{n}", "{}") for n in range(21)]
        )

        assert times_added(desk) == 2
        assert len(await said(desk)) == 21


class TestErasing:
    async def test_leaves_neither_items_nor_conversation(self, desk: Desk) -> None:
        await desk.model.seed(desk.conversation, [client(str(n)) for n in range(3)], model=UNMARKED)

        await desk.model.erase(desk.conversation)

        assert desk.emulator.state.items == {}
        assert desk.emulator.state.conversations == {}

    async def test_what_is_gone_is_no_error(self, desk: Desk) -> None:
        await desk.model.erase("conv_lost")
        await desk.model.erase_response("resp_lost")

    async def test_goes_on_where_it_was_interrupted(self, desk: Desk) -> None:
        await desk.model.seed(desk.conversation, [client(str(n)) for n in range(3)], model=UNMARKED)
        desk.will_fail(FaultKind.SERVER_ERROR, on="conversations.delete")
        with pytest.raises(RetryLater):
            await desk.model.erase(desk.conversation)

        await desk.model.erase(desk.conversation)

        assert desk.emulator.state.conversations == {}

    async def test_an_item_that_went_meanwhile_is_no_error(self, desk: Desk) -> None:
        await desk.model.seed(desk.conversation, [client("uno")], model=UNMARKED)
        message = "Conversation item with id 'msg_1' not found."
        desk.will_fail(FaultKind.STATUS, status=404, message=message, on="items.delete")

        await desk.model.erase(desk.conversation)

        assert desk.emulator.state.conversations == {}

    async def test_a_list_that_never_ends_is_read_to_where_it_repeats_itself(
        self, desk: Desk
    ) -> None:
        await desk.model.seed(desk.conversation, [client(str(n)) for n in range(3)], model=UNMARKED)
        desk.emulator.faults.add(Fault(FaultKind.SAME_PAGE, on="items.list", count=None))

        await desk.model.erase(desk.conversation)

        assert desk.emulator.state.items == {}
        desk.emulator.faults.clear()

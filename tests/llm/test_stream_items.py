"""Several message items in one response: which of them is a reply, and how often it is said."""

import pytest

from bot.ports import AllSaid, AnswerState, Began, BubbleClosed, Speaking
from tests.llm.events import added, created, delta, done, ended, event, message, read


class TestCommentary:
    PLAN = "I will check the knowledge base first."
    REPLY = '{"messages":["Dalle 14:00."]}'
    SAID = ("Dalle 14:00.",)

    @pytest.mark.parametrize("plan", [PLAN, '{"messages":["Vedo."]}'])
    @pytest.mark.parametrize("phase", ["commentary", "a_phase_of_next_year"])
    def test_is_not_said(self, plan: str, phase: str) -> None:
        events, answer = read(
            [
                created(),
                added(phase=phase),
                delta(plan),
                event("response.refusal.delta", output_index=0, content_index=1, delta="No."),
                done(phase=phase),
                added(output=1, phase="final_answer"),
                delta(self.REPLY, output=1),
                ended(output=[message(plan, phase=phase), message(self.REPLY)]),
            ]
        )

        assert events == [Began("resp_1"), Speaking(), *map(BubbleClosed, self.SAID), AllSaid()]
        assert answer
        assert (answer.state, answer.bubbles) == (AnswerState.COMPLETED, self.SAID)

    def test_may_be_told_only_when_it_is_over(self) -> None:
        events, answer = read(
            [
                created(),
                delta(self.PLAN),
                done(phase="commentary"),
                delta(self.REPLY, output=1),
                ended(),
            ]
        )

        assert events == [Began("resp_1"), Speaking(), *map(BubbleClosed, self.SAID), AllSaid()]
        assert answer
        assert answer.bubbles == self.SAID

    def test_may_be_told_only_at_the_end(self) -> None:
        _, answer = read(
            [created(), delta(self.PLAN), ended(output=[message(self.PLAN, phase="commentary")])]
        )

        assert answer
        assert (answer.state, answer.bubbles) == (AnswerState.COMMENTARY, ())

    def test_that_was_shown_already_is_not_taken_back(self) -> None:
        begun = '{"messages":["Vedo.","E poi'

        events, answer = read(
            [
                created(),
                delta(begun),
                done(phase="commentary"),
                delta(self.REPLY, output=1),
                ended(),
            ]
        )

        assert events[2:] == [BubbleClosed("Vedo."), BubbleClosed("Dalle 14:00."), AllSaid()]
        assert answer
        assert answer.bubbles == ("Vedo.", "Dalle 14:00.")

    def test_alone_is_no_reply(self) -> None:
        plan = message(self.PLAN, phase="commentary")

        events, answer = read(
            [created(), added(phase="commentary"), delta(self.PLAN), ended(output=[plan])]
        )

        assert events == [Began("resp_1")]
        assert answer
        assert (answer.state, answer.bubbles) == (AnswerState.COMMENTARY, ())

    def test_before_a_refusal_is_no_part_of_it(self) -> None:
        refusal = event("response.refusal.delta", output_index=1, content_index=0, delta="No.")

        _, answer = read([created(), added(phase="commentary"), delta(self.PLAN), refusal, ended()])

        assert answer
        assert (answer.state, answer.bubbles) == (AnswerState.REFUSED, ("No.",))

    def test_need_not_be_repeated_at_the_end(self) -> None:
        _, answer = read([created(), added(phase="commentary"), delta(self.PLAN), ended()])

        assert answer
        assert answer.state is AnswerState.COMMENTARY

    def test_before_an_empty_reply_leaves_it_empty(self) -> None:
        _, answer = read([created(), added(phase="commentary"), ended("incomplete")])

        assert answer
        assert answer.state is AnswerState.INCOMPLETE


class TestAnItemThatComesTwice:
    REPLY = '{"messages":["Uno.","Due."]}'

    def test_under_its_id_is_said_once(self) -> None:
        items = [message(self.REPLY, id="msg_1")] * 2

        events, answer = read(
            [
                created(),
                delta(self.REPLY, item_id="msg_1"),
                delta(self.REPLY, output=1, item_id="msg_1"),
                ended(output=items),
            ]
        )

        assert events[2:] == [BubbleClosed("Uno."), BubbleClosed("Due."), AllSaid()]
        assert answer
        assert answer.bubbles == ("Uno.", "Due.")
        assert answer.last_item_id == "msg_1"

    def test_only_at_the_end_is_said_once(self) -> None:
        _, answer = read([created(), ended(output=[message(self.REPLY, id="msg_1")] * 2)])

        assert answer
        assert answer.bubbles == ("Uno.", "Due.")

    def test_empty_at_first_is_said_when_it_has_words(self) -> None:
        output = [message("", id="msg_1"), message(self.REPLY, id="msg_1")]

        _, answer = read([created(), delta("", item_id="msg_1"), ended(output=output)])

        assert answer
        assert answer.bubbles == ("Uno.", "Due.")

    def test_as_commentary_first_is_said(self) -> None:
        _, answer = read(
            [
                created(),
                added(id="msg_1", phase="commentary"),
                delta("I will look.", item_id="msg_1"),
                delta(self.REPLY, output=1, item_id="msg_1"),
                ended(),
            ]
        )

        assert answer
        assert answer.bubbles == ("Uno.", "Due.")

    def test_under_two_ids_is_two_replies(self) -> None:
        _, answer = read(
            [
                created(),
                delta(self.REPLY, item_id="msg_1"),
                delta(self.REPLY, output=1, item_id="msg_2"),
                ended(),
            ]
        )

        assert answer
        assert answer.bubbles == ("Uno.", "Due.", "Uno.", "Due.")

    def test_refusing_refuses_once(self) -> None:
        refusals = [
            event(
                "response.refusal.delta",
                output_index=output,
                content_index=0,
                item_id="msg_1",
                delta="Non posso.",
            )
            for output in (0, 1)
        ]

        _, answer = read([created(), *refusals, ended()])

        assert answer
        assert answer.bubbles == ("Non posso.",)


def test_each_part_of_a_message_is_a_reply() -> None:
    first, second = (
        message("Vediamo.")["content"],
        message('{"messages":["Dalle 14:00."]}')["content"],
    )

    _, answer = read([created(), ended(output=[{"id": "msg_1", "content": [*first, *second]}])])

    assert answer
    assert answer.bubbles == ("Vediamo.", "Dalle 14:00.")


def test_an_item_may_be_missing_where_it_ends() -> None:
    nothing = event("response.output_item.done", output_index=0, item=None)

    _, answer = read([created(), delta('{"messages":["Uno."'), nothing, delta("]}"), ended()])

    assert answer
    assert answer.bubbles == ("Uno.",)

"""The model of the crash runs says which messages it answers, in whatever form they come."""

import json

from bot.core.labels import Label
from bot.playground.openai.draft import Prompt
from bot.playground.openai.items import Said
from tests.crash.echo import Echo


def test_each_message_of_a_long_backlog_is_answered_by_name() -> None:
    date = Label("2026-11-29 22:52")
    backlog = Said("user", f"{date}\nc1m0\n{date}\nc1m1")
    draft = Echo().draft(Prompt("", (backlog, Said("user", "c1m2"))))
    assert json.loads(draft.text)["messages"][0] == "c1m0+c1m1+c1m2/1"

"""A company's programs, each of which asks under the same id until it has the answer."""

from dataclasses import dataclass, field

from tests.crash.callers import Caller
from tests.crash.verdict import Verdict, judge_chat


@dataclass(slots=True)
class Asker(Caller):
    """One client of a program's."""

    answers: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)  # what was said, by the chat's log

    @property
    def chat(self) -> str:
        return f"guest-{self.number}"

    async def says(self, words: str) -> bool:
        body = {"external_id": self.chat, "id": words, "text": words, "language": "en", "wait": 10}
        answer = await self.reader.asks("POST", "/v1/messages", body)
        if answer.status != 200:
            return False
        self.answers += [one["text"] for one in answer.body["messages"]]
        return True

    async def has_read_all(self) -> bool:
        self.logged, before = [], ""
        while True:
            path = f"/v1/chats/{self.chat}/messages?limit=200{before}"
            page = (await self.reader.asks("GET", path)).body
            said = [one["text"] for one in page["messages"] if one["from"] != "client"]
            self.logged[:0] = said
            if page["before"] is None:
                return True
            before = f"&before={page['before']}"

    def judge(self, verdict: Verdict) -> None:
        """What it was answered must be what was said: no turn beside it."""
        judge_chat(verdict, self.written, 0, self.logged)
        if self.answers != self.logged:
            verdict.evidence.append(f"{self.chat} got {self.answers} of {self.logged}")
            verdict.out_of_order += 1

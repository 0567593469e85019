"""Which models want no reasoning effort, or not the one that the host chose."""

from dataclasses import dataclass, field, replace

from bot.errors import GiveUp
from bot.ports import Question


@dataclass(slots=True)
class Efforts:
    """Learned from the models themselves: no list of names is ever complete.

    A company may name a model that does not reason while the host's does, and a server may know
    nothing of the parameter.
    """

    _refused: set[tuple[str, str]] = field(default_factory=set)  # model and effort

    def fit(self, question: Question) -> Question:
        """The question as its model takes it."""
        refused = (question.model, question.effort) in self._refused
        return replace(question, effort="") if refused else question

    def learn(self, asked: Question, error: GiveUp) -> bool:
        """Whether what was asked was refused for its effort, and can be asked without."""
        if error.why is None or not error.why.param.startswith("reasoning") or not asked.effort:
            return False
        self._refused.add((asked.model, asked.effort))
        return True

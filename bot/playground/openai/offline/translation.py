"""The demo's companies in the client's language: every line of a preset that has sisters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain

from bot.playground.openai.offline.briefing import Briefing, read_briefing
from tenants import presets
from tenants.profile import Profile
from tenants.prompt import render


def translate(briefing: Briefing, language: str) -> Briefing:
    """The briefing as it reads in `language`; what somebody wrote anew stays as it is."""
    known = _known(language)

    def said(text: str) -> str:
        return "\n".join(known.get(line, line) for line in text.splitlines())

    return replace(
        briefing,
        company=said(briefing.company),
        assistant=said(briefing.assistant),
        escalation=dict(briefing.escalations).get(language) or said(briefing.escalation),
        knowledge=said(briefing.knowledge),
    )


@cache
def _known(language: str) -> Mapping[str, str]:
    """How each line of the presets reads in this language."""
    profiles = [presets.load(name) for name in presets.SISTERS]
    target = next((one for one in profiles if one.language == language), None)
    if target is None:
        return {}
    pairs = (zip(_lines(one), _lines(target), strict=True) for one in profiles)
    return dict(chain.from_iterable(pairs))


def _lines(profile: Profile) -> Sequence[str]:
    told = read_briefing(render(profile))
    return (told.company, told.assistant, told.escalation, *told.knowledge.splitlines())

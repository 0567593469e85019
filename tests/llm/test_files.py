"""Pictures, pages and recordings over HTTP: what is sent, and what is asked where it is refused."""

import pytest
from starlette.responses import Response

from bot.core.recordings import seconds_of
from bot.errors import ContextOverflow, GiveUp, RetryLater, SportelloError, Trouble, Unauthorized
from bot.llm.model import open_model
from bot.llm.sight import QUESTIONS, REFUSALS
from bot.playground.openai import Emulator, FaultKind
from bot.playground.serve import serve
from bot.playground.voices import silence, with_words
from bot.ports import File, Line, Speaker
from tests.files.samples import pdf
from tests.llm.support import KEY, Desk
from tests.samples import MP4, data_url, gif, jpeg

PHOTO = File("picture.jpeg", "image/jpeg", jpeg())
SCAN = File("contratto.pdf", "application/pdf", pdf(""))
VOICE = with_words(silence(2), "Avete posto?")
HEARING = "transcriptions.create"
UNSEEN = "The pictures and pages that the client sent could not be looked at. Say so."


def line(*files: File) -> Line:
    return Line(Speaker.CLIENT, "Che cos'è?", files)


def asked(desk: Desk) -> list[list[object]]:
    """The contents of the items of each request."""
    requests = [one for one in desk.emulator.records.requests if one.path == "/v1/responses"]
    return [[item["content"] for item in (one.body or {})["input"]] for one in requests]


WORDS = {"type": "input_text", "text": "Che cos'è?"}


async def test_pictures_and_pages_go_behind_the_words_at_a_bounded_detail(desk: Desk) -> None:
    desk.will_say("Un contratto.")
    await desk.ask(lines=(line(PHOTO, SCAN),))
    image = {
        "type": "input_image",
        "image_url": data_url("image/jpeg", PHOTO.content),
        "detail": "high",
    }
    pages = {
        "type": "input_file",
        "filename": "contratto.pdf",
        "file_data": data_url("application/pdf", SCAN.content),
        "detail": "low",
    }
    assert asked(desk) == [[[WORDS, image, pages]]]


async def test_pictures_are_no_part_of_the_words_that_are_found_again(desk: Desk) -> None:
    desk.will_say("Una camera.")
    await desk.ask(lines=(line(PHOTO),))
    items = await desk.model.items_after(desk.conversation, None)
    assert [item.bubbles for item in items if item.role is Speaker.CLIENT] == [("Che cos'è?",)]


@pytest.mark.parametrize(
    "odd",
    [
        File("picture.jpeg", "image/jpeg", gif(frames=2)),
        File("picture.jpeg", "image/jpeg", b"\xff\xd8\xff broken"),
        File("picture.png", "image/png", b""),
        File("vuoto.pdf", "application/pdf", b""),
        File("rotto.pdf", "application/pdf", b"no pdf"),
    ],
)
async def test_where_a_file_is_refused_the_words_are_asked_with(desk: Desk, odd: File) -> None:
    desk.will_say("Non si apre.")
    answer = await desk.ask(lines=(line(odd),))
    assert answer.bubbles == ("Non si apre.",)
    assert asked(desk)[1:] == [[UNSEEN, "Che cos'è?"]]


@pytest.mark.parametrize("kind", ["input_image", "input_file"])
async def test_so_they_are_of_a_model_that_looks_at_nothing(desk: Desk, kind: str) -> None:
    desk.emulator.refused["gpt-6-luna"] = {kind}
    desk.will_say("Non la vedo.")
    await desk.ask(lines=(line(PHOTO, SCAN),))
    assert asked(desk)[1:] == [[UNSEEN, "Che cos'è?"]]


async def looks_at(desk: Desk, *files: File) -> int:
    """How often the model is asked about this."""
    desk.events.clear()
    before = desk.times_asked()
    desk.will_say("Ecco.")
    await desk.ask(lines=(line(*files),))
    return desk.times_asked() - before


async def test_a_model_that_looks_at_nothing_is_known_by_that_for_a_while(desk: Desk) -> None:
    desk.emulator.refused["gpt-6-luna"] = {"input_image"}
    assert [await looks_at(desk, PHOTO) for _ in range(REFUSALS + QUESTIONS + 2)] == [
        *[2] * REFUSALS,
        *[1] * QUESTIONS,
        *[2, 1],  # tried again: nothing has changed
    ]
    assert not desk.model.looks("gpt-6-luna")
    assert desk.model.looks("gpt-6-sol")


async def test_a_broken_picture_says_nothing_of_the_model(desk: Desk) -> None:
    empty = File("picture.png", "image/png", b"")
    broken = File("picture.jpeg", "image/jpeg", b"\xff\xd8\xff broken")
    assert [await looks_at(desk, one) for one in (*[empty] * REFUSALS, broken, PHOTO)] == [
        *[2] * REFUSALS,
        *[2, 1],
    ]
    assert desk.model.looks("gpt-6-luna")


async def test_what_is_too_long_says_nothing_of_the_model(desk: Desk) -> None:
    for _ in range(REFUSALS):
        desk.will_fail(FaultKind.STATUS, status=400, code="context_length_exceeded")
        assert await looks_at(desk, SCAN) == 2
    assert desk.model.looks("gpt-6-luna")


async def test_what_is_refused_without_files_as_well_is_refused(desk: Desk) -> None:
    for _ in range(2):
        desk.will_fail(FaultKind.STATUS, status=400, code="invalid_value")
    with pytest.raises(GiveUp):
        await desk.ask(lines=(line(PHOTO),))
    assert desk.times_asked() == 2


async def test_what_is_too_long_is_asked_without_its_pages(desk: Desk) -> None:
    desk.will_fail(FaultKind.STATUS, status=400, code="context_length_exceeded")
    desk.will_say("È troppo lungo.")
    await desk.ask(lines=(line(SCAN),))
    assert asked(desk)[1:] == [[UNSEEN, "Che cos'è?"]]


async def test_a_conversation_that_is_too_long_without_them_is_told(desk: Desk) -> None:
    for _ in range(2):
        desk.will_fail(FaultKind.STATUS, status=400, code="context_length_exceeded")
    with pytest.raises(ContextOverflow):
        await desk.ask(lines=(line(SCAN),))
    assert desk.times_asked() == 2


# ------------------------------------------------------------- recordings


def heard(desk: Desk) -> list[dict[str, object]]:
    return [
        one.body or {}
        for one in desk.emulator.records.requests
        if one.path == "/v1/audio/transcriptions"
    ]


async def test_a_recording_is_heard_with_the_names_that_may_be_said(desk: Desk) -> None:
    said = await desk.model.transcribe("speech.ogg", VOICE, keywords=["Aurora", "Sara"])
    assert said.text == "Avete posto?"
    assert said.seconds == pytest.approx(seconds_of(VOICE), abs=1)
    assert heard(desk) == [{"model": "gpt-transcribe", "keywords": ["Aurora", "Sara"]}]


@pytest.mark.parametrize("name", ["whisper-1", "gpt-4o-mini-transcribe"])
async def test_other_models_are_given_no_names(emulator: Emulator, url: str, name: str) -> None:
    async with open_model(api_key=KEY, base_url=url, transcription_model=name) as model:
        said = await model.transcribe("speech.ogg", VOICE, keywords=["Aurora"])
    assert said.text == "Avete posto?"
    assert (said.seconds, said.tokens > 0) == (0, True)
    assert emulator.records.requests[-1].body == {"model": name}


async def test_of_silence_nothing_is_heard(desk: Desk) -> None:
    silent = with_words(silence(2), "")
    assert (await desk.model.transcribe("speech.ogg", silent, keywords=[])).text == ""


@pytest.mark.parametrize(
    ("name", "content"),
    [("voice.oga", VOICE), ("speech", VOICE), ("speech.mp3", b"MZ\x90"), ("speech.ogg", b"")],
)
async def test_what_the_server_does_not_hear_is_refused(
    desk: Desk, name: str, content: bytes
) -> None:
    with pytest.raises(GiveUp):
        await desk.model.transcribe(name, content, keywords=[])


async def test_what_is_named_by_its_bytes_is_heard(desk: Desk) -> None:
    assert (await desk.model.transcribe("speech.mp4", MP4, keywords=[])).text


@pytest.mark.parametrize(
    ("fault", "raised", "trouble"),
    [
        ({"status": 429, "code": "rate_limit_exceeded"}, RetryLater, None),
        ({"status": 500}, RetryLater, None),
        ({"status": 429, "code": "insufficient_quota"}, RetryLater, Trouble.OUT_OF_CREDIT),
        ({"status": 401, "code": "invalid_api_key"}, Unauthorized, Trouble.KEY_REFUSED),
        ({"status": 400, "code": "invalid_value"}, GiveUp, None),
    ],
)
async def test_each_refusal_says_what_to_do(
    desk: Desk, fault: dict[str, object], raised: type[SportelloError], trouble: Trouble | None
) -> None:
    desk.will_fail(FaultKind.STATUS, on=HEARING, **fault)
    with pytest.raises(raised) as refused:
        await desk.model.transcribe("speech.ogg", VOICE, keywords=[])
    assert refused.value.trouble is trouble
    assert KEY not in f"{refused.value} {refused.value!r}"


async def test_a_lost_transcription_may_be_asked_for_again(desk: Desk) -> None:
    desk.will_fail(FaultKind.CUT, on=HEARING)
    with pytest.raises(RetryLater):
        await desk.model.transcribe("speech.ogg", VOICE, keywords=[])
    assert (await desk.model.transcribe("speech.ogg", VOICE, keywords=[])).text == "Avete posto?"


async def test_a_model_that_is_unknown_is_the_hosts_to_mend(url: str) -> None:
    async with open_model(api_key=KEY, base_url=url, transcription_model="gpt-none") as model:
        with pytest.raises(GiveUp) as refused:
            await model.transcribe("speech.ogg", VOICE, keywords=[])
    assert refused.value.trouble is Trouble.MODEL_UNKNOWN


@pytest.mark.parametrize("body", ["{}", '{"text": null}', '{"text": 7}', "[]", "<html>"])
async def test_a_server_that_hears_nothing_at_all_is_no_fault_of_ours(body: str) -> None:
    page = Response(body, media_type="application/json")
    async with serve(page) as url, open_model(api_key=KEY, base_url=f"{url}/v1") as model:
        with pytest.raises((GiveUp, RetryLater)):
            await model.transcribe("speech.ogg", VOICE, keywords=[])

"""What is said in a recording: judged by its name, then heard, then paid by its length."""

from typing import Any

import openai
import pytest

from bot.playground.openai import Emulator, Fault, FaultKind
from bot.playground.voices import silence, with_words

VOICE = with_words(silence(4), "A che ora è la colazione?")


async def hear(
    api: openai.AsyncOpenAI,
    content: bytes = VOICE,
    *,
    name: str = "voice.ogg",
    model: str = "gpt-transcribe",
    **more: Any,
) -> dict[str, Any]:
    heard = await api.audio.transcriptions.create(model=model, file=(name, content), **more)
    return dict(heard.to_dict())


async def test_a_recording_is_written_down(api: openai.AsyncOpenAI, emulator: Emulator) -> None:
    heard = await hear(api, languages=["it", "en"], keywords=["Aurora"], prompt="Un hotel.")
    assert heard == {
        "text": "A che ora è la colazione?",
        "languages": [{"code": "it"}],
        "usage": {"type": "duration", "seconds": 4.0},
    }
    [request] = emulator.records.requests
    assert (request.body or {})["languages"] == ["it", "en"]
    assert request.path == "/v1/audio/transcriptions"


@pytest.mark.parametrize("name", ["voice.opus", "voice.oga", "voice", "ogg", "voice.OPUS"])
async def test_the_name_decides_whatever_the_bytes_are(api: openai.AsyncOpenAI, name: str) -> None:
    with pytest.raises(openai.BadRequestError, match="Unsupported file format"):
        await hear(api, name=name)


@pytest.mark.parametrize("content", [b"", b"Buongiorno!", b"\x00\x00\x00\x18qt  "])
async def test_what_is_no_sound_is_refused(api: openai.AsyncOpenAI, content: bytes) -> None:
    with pytest.raises(openai.BadRequestError, match="corrupted or unsupported"):
        await hear(api, content)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("audio.mp3", b"ID3"),
        ("audio.mp3", b"\xff\xfb"),
        ("note.mp4", b"\x00\x00\x00\x18ftypisom"),
        ("voice.WEBM", b"\x1aE\xdf\xa3"),
        ("audio.flac", b"fLaC"),
        ("audio.wav", b"RIFF"),
    ],
)
async def test_other_containers_are_heard_too(
    api: openai.AsyncOpenAI, name: str, beginning: bytes
) -> None:
    assert (await hear(api, with_words(beginning, "Ciao"), name=name))["text"] == "Ciao"


async def test_nothing_is_heard_in_silence_in_no_language(api: openai.AsyncOpenAI) -> None:
    heard = await hear(api, with_words(silence(1), " "))
    assert (heard["text"], heard["languages"]) == ("", [])


@pytest.mark.parametrize(
    ("languages", "said"), [(["it"], "questa demo"), (["ru", "en"], "не слышно"), (["de"], "demo")]
)
async def test_of_what_nobody_wrote_down_it_is_said_that_nobody_hears(
    api: openai.AsyncOpenAI, languages: list[str], said: str
) -> None:
    assert said in (await hear(api, silence(1), languages=languages))["text"]


async def test_a_recording_of_25_megabytes_is_too_large(api: openai.AsyncOpenAI) -> None:
    most = 25 * 1024 * 1024
    assert await hear(api, VOICE + bytes(most - len(VOICE)))
    with pytest.raises(openai.APIStatusError, match="Maximum content size limit") as refusal:
        await hear(api, VOICE + bytes(most))
    assert refusal.value.status_code == 413


@pytest.mark.parametrize("more", [{"languages": ["it"]}, {"keywords": ["Aurora"]}])
async def test_only_the_newest_model_takes_hints(
    api: openai.AsyncOpenAI, more: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        await hear(api, model="gpt-4o-transcribe", **more)
    assert refusal.value.code == "unsupported_parameter"


async def test_an_older_model_is_paid_by_the_token(api: openai.AsyncOpenAI) -> None:
    heard = await hear(api, model="gpt-4o-transcribe")
    assert (heard["usage"]["type"], "languages" in heard) == ("tokens", False)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"response_format": "srt"}, "invalid_value"),
        ({"extra_body": {"voice": "ash"}}, "unknown_parameter"),
        ({"model": "gpt-6-luna"}, "invalid_value"),
        ({"model": "gpt-hearing"}, "model_not_found"),
    ],
)
async def test_other_mistakes_are_named(
    api: openai.AsyncOpenAI, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refusal:
        await hear(api, **more)
    assert refusal.value.code == code


async def test_who_writes_down_sound_answers_no_question(api: openai.AsyncOpenAI) -> None:
    assert (await api.models.retrieve("gpt-transcribe")).id == "gpt-transcribe"
    with pytest.raises(openai.BadRequestError, match="not supported with this endpoint"):
        await api.responses.create(model="gpt-transcribe", input="Ciao")


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (FaultKind.RATE_LIMIT, openai.RateLimitError),
        (FaultKind.SERVER_ERROR, openai.InternalServerError),
        (FaultKind.CUT, openai.APIConnectionError),
    ],
)
async def test_it_can_fail(
    api: openai.AsyncOpenAI, emulator: Emulator, fault: FaultKind, raised: type[Exception]
) -> None:
    emulator.faults.add(Fault(fault, on="transcriptions.create"))
    with pytest.raises(raised):
        await hear(api)
    assert (await hear(api))["text"] == "A che ora è la colazione?"


async def test_it_can_be_slow(api: openai.AsyncOpenAI, emulator: Emulator) -> None:
    emulator.faults.add(Fault(FaultKind.SLOW, on="transcriptions.create", seconds=60))
    with pytest.raises(openai.APITimeoutError):
        await api.audio.transcriptions.create(
            model="gpt-transcribe", file=("voice.ogg", VOICE), timeout=0.2
        )

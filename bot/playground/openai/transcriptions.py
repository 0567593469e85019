"""The endpoint /v1/audio/transcriptions: what is said in a recording.

It hears what whoever made the recording wrote behind the sound (see `bot.playground.voices`). Of
a recording without that, it says so: nobody listens here.
"""

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.multipart import Part
from bot.playground.openai.api_error import (
    Json,
    broken_audio,
    invalid_value,
    missing_parameter,
    oversized_audio,
    unknown_parameter,
    unsupported_audio,
    unsupported_parameter,
)
from bot.playground.openai.catalogue import Catalogue
from bot.playground.openai.gate import Asked, Gate
from bot.playground.openai.offline import DEAF, detect_language
from bot.playground.openai.tokens import count_tokens
from bot.playground.voices import seconds_of, words_in

_NEWEST: Final = "gpt-transcribe"
_ITS_OWN: Final = ("languages", "keywords")
_KNOWN: Final = frozenset(
    {
        *("file", "model", "language", "languages", "keywords", "prompt", "response_format"),
        *("temperature", "stream", "include", "chunking_strategy", "timestamp_granularities"),
    }
)
_FORMATS: Final = frozenset({"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"})
_MPEG: Final = (
    b"ID3",
    b"\xff\xf1",
    b"\xff\xf2",
    b"\xff\xf3",
    b"\xff\xf9",
    b"\xff\xfa",
    b"\xff\xfb",
)
_BEGINNINGS: Final = (b"OggS", b"RIFF", b"\x1aE\xdf\xa3", b"fLaC", *_MPEG)
_MP4: Final = slice(4, 8)
_LARGEST: Final = 25 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Transcriptions:
    """Writes down what recordings say."""

    catalogue: Catalogue

    def routes(self, gate: Gate) -> list[Route]:
        """The endpoint, behind the gate."""
        guarded = gate.guard("transcriptions.create", self.create)
        return [Route("/v1/audio/transcriptions", guarded, methods=["POST"])]

    def create(self, asked: Asked) -> Response:
        model = _read_fields(asked.body)
        self.catalogue.check_transcribes(model)
        _check_own(asked.body, model=model)
        if asked.upload is None:
            raise missing_parameter("file")
        _check_recording(asked.upload)
        return JSONResponse(_hear(asked.upload.content, asked.body, model=model))


def _read_fields(body: Json) -> str:
    """The model's name. Raises ApiError."""
    if strangers := sorted(body.keys() - _KNOWN):
        raise unknown_parameter(strangers[0])
    if not isinstance(body.get("model"), str):
        raise missing_parameter("model")
    if body.get("response_format", "json") != "json":
        raise invalid_value("response_format", f"'{body['response_format']}'.")
    return str(body["model"])


def _check_own(body: Json, *, model: str) -> None:
    for name in _ITS_OWN:
        if name in body and model != _NEWEST:
            raise unsupported_parameter(name)
        if not isinstance(body.get(name, []), list):
            raise invalid_value(name, "expected an array of strings.")


def _check_recording(upload: Part) -> None:
    """The real one judges by the file's name, and only then listens. Raises ApiError."""
    suffix = (upload.file_name or "").rpartition(".")[2].lower()
    if suffix not in _FORMATS or "." not in (upload.file_name or ""):
        raise unsupported_audio(suffix)
    if len(upload.content) > _LARGEST:
        raise oversized_audio(len(upload.content), most=_LARGEST)
    if not upload.content.startswith(_BEGINNINGS) and upload.content[_MP4] != b"ftyp":
        raise broken_audio()


def _hear(content: bytes, body: Json, *, model: str) -> Json:
    wanted = [*body.get("languages", ()), body.get("language") or "en"]
    language = next((one for one in wanted if one in DEAF), "en")
    words = words_in(content)
    text = DEAF[language] if words is None else words.strip()
    if model != _NEWEST:
        return {"text": text, "usage": _count(text)}
    found = [detect_language(text) or language] if text else []
    usage: Json = {"type": "duration", "seconds": seconds_of(content)}
    return {"text": text, "languages": [{"code": code} for code in found], "usage": usage}


def _count(text: str) -> dict[str, Any]:
    tokens = count_tokens(text)
    shares = {"audio_tokens": 0, "text_tokens": 0}
    return {
        "type": "tokens",
        "input_tokens": 0,
        "input_token_details": shares,
        "output_tokens": tokens,
        "total_tokens": tokens,
    }

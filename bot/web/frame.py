"""What a site's own page loads: the widget's script, its look, its frame and the frame's files.

All of it is static but for the few words that a company chose. Nobody is known yet, nothing is
stored, and nothing is asked of the database but the site.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.front.here import profile_of
from bot.ports import Onward
from db.engine import Database
from db.sites import Corner, site_by_key
from db.tenants import tenant_by_id
from tenants.origins import allows

STATIC: Final = Path(__file__).parent / "static"
MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
FILES: Final = {
    path.relative_to(STATIC).as_posix(): path.read_bytes() for path in sorted(STATIC.rglob("*.*"))
}
VERSION: Final = hashlib.sha256(b"".join(FILES.values())).hexdigest()[:12]
WORDS: Final = tuple(Path(name).stem for name in FILES if name.startswith("frame/texts/"))
MODULES: Final = tuple(
    name
    for name in FILES
    if name.endswith(".js") and name.startswith(("frame/", "shared/")) and "/texts/" not in name
)
FOREVER: Final = "public, max-age=31536000, immutable"
A_WHILE: Final = "public, max-age=300"
COMMON: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
WHITE_STANDS_OUT: Final = 1.05 / 4.5 - 0.05  # up to this luminance of what is behind it
ACCEPTED: Final = "image/*,audio/*,video/*,text/*,.md,.csv,.pdf,.docx"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' blob:; media-src blob:; base-uri 'none'; form-action 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {origins}"
)


@dataclass(frozen=True, slots=True)
class Face:
    """What a site shows before anybody has written."""

    company: str
    greeting: str  # the company's welcome, and
    notice: str  # that an AI assistant answers: both in the visitor's language
    origins: tuple[str, ...]  # of the pages that may show it
    accent: str = "#1b6553"
    corner: Corner = Corner.RIGHT  # of the page, where the button stands
    goes_on: bool = False  # whether a talk can be taken along to Telegram
    known_only: bool = False  # it shows no button to anybody else


Faces = Callable[[str, str], Awaitable[Face | None]]
"""The face of a site, by its public key, for a language (an IETF tag); None: it shows none."""


def faces(database: Database, onward: Onward | None = None) -> Faces:
    """Those of the sites that are on, by what their companies say now."""

    async def face_of(key: str, language: str) -> Face | None:
        site = await database.read(site_by_key, key)
        if site is None or not site.is_on:
            return None
        tenant = await database.read(tenant_by_id, site.tenant)
        if tenant is None:
            return None
        profile = profile_of(tenant)
        return Face(
            profile.company_name or site.name,
            profile.text_for("welcome", language),
            profile.text_for("ai_notice", language),
            site.origins,
            site.accent,
            site.corner,
            onward is not None and await onward.leads(site.tenant),
            site.known_only,
        )

    return face_of


def frame_routes(face_of: Faces, at: Callable[..., Route]) -> list[Route]:
    """`/widget.js`, a site's look and frame, and the frame's files; `at` makes a route."""
    pages = _Pages(face_of)
    return [
        at("/widget.js", get=_script),
        at("/widget/{version}/{name:path}", get=_file),
        at("/v1/sites/{key}/look.js", get=pages.look),
        at("/v1/sites/{key}/frame", get=pages.frame),
    ]


async def _script(request: Request) -> Response:
    """The loader's address never changes: a browser asks again, and mostly nothing has changed."""
    return _answer(request, "widget.js", caching=A_WHILE)


async def _file(request: Request) -> Response:
    """A version's files stay what they are; a page of the version before gets what there is."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    is_current = request.path_params["version"] == VERSION
    return _answer(request, name, caching=FOREVER if is_current else "no-cache")


def _answer(request: Request, name: str, *, caching: str) -> Response:
    body = FILES[name]
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {**COMMON, "ETag": tag, "Cache-Control": caching, "Access-Control-Allow-Origin": "*"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=MEDIA_TYPES[Path(name).suffix], headers=headers)


@dataclass(frozen=True, slots=True)
class _Pages:
    face_of: Faces

    async def look(self, request: Request) -> Response:
        """How the button looks and what it says: a module, which a page of the site may import."""
        found = await self._find(request)
        origin = request.headers.get("origin", "")
        if found is None or not allows(found[0].origins, origin):
            return Response(status_code=HTTPStatus.FORBIDDEN, headers={"Vary": "Origin"})
        face, words = found
        look = {
            "company": face.company,
            "accent": face.accent,
            "ink": ink_on(face.accent),
            "side": face.corner,
            "known": face.known_only,
        }
        path = f"../../../widget/{VERSION}/frame/texts/{words}.js"
        source = f'export {{ default as words }} from "{path}";\nexport const look = {_js(look)};\n'
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Vary": "Origin",
            "Cache-Control": A_WHILE,
        }
        return Response(source, media_type=MEDIA_TYPES[".js"], headers=COMMON | headers)

    async def frame(self, request: Request) -> Response:
        found = await self._find(request)
        if found is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        face, words = found
        origins = " ".join(face.origins) or "'none'"
        headers = {
            "Content-Security-Policy": POLICY.format(origins=origins),
            "Cache-Control": "no-cache",
        }
        key, tag = request.path_params["key"], _language(request)
        page = frame_page(face, key=key, language=tag, words=words)
        return Response(page, media_type="text/html", headers=COMMON | headers)

    async def _find(self, request: Request) -> tuple[Face, str] | None:
        """The site's face, and which of our own words go with it."""
        tag = _language(request)
        face = await self.face_of(request.path_params["key"], tag)
        spoken = tag.lower().split("-")[0]
        return (face, spoken if spoken in WORDS else "en") if face else None


def _language(request: Request) -> str:
    """What the page around speaks, as an IETF tag that a browser accepts."""
    asked = request.query_params.get("language", "").replace("_", "-")
    found = re.match(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(?=-|$)", asked)
    return found[0] if found else "en"


def frame_page(face: Face, *, key: str, language: str, words: str) -> str:
    """The frame's HTML: what stands there before a script has run, and what the scripts read."""
    root = f"../../../widget/{VERSION}"
    site = {
        "key": key,
        "company": face.company,
        "origins": face.origins,
        "language": language,
        "words": words,
        "accent": face.accent,
        "ink": ink_on(face.accent),
        "telegram": face.goes_on,
    }
    preloads = "\n".join(
        f'<link rel="modulepreload" href="{root}/{name}">'
        for name in (*MODULES, f"frame/texts/{words}.js")
    )
    company, initial = escape(face.company), escape(face.company[:1].upper())
    return f"""<!doctype html>
<html lang="{words}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{company}</title>
<link rel="stylesheet" href="{root}/frame/frame.css">
{preloads}
<script type="application/json" id="site">{_js(site)}</script>
<script type="module" src="{root}/frame/main.js"></script>
</head>
<body>
<header>
  <span class="face" aria-hidden="true">{initial}</span>
  <div><h1><bdi>{company}</bdi></h1><p id="role"></p></div>
  <button id="close" type="button"></button>
</header>
<main>
<p id="state" role="status"></p>
<div class="middle">
  <div id="scroller">
    <button id="earlier" type="button" hidden></button>
    <div id="intro">
      <span class="face" aria-hidden="true">{initial}</span>
      <p id="greeting" dir="auto" lang="{language}">{escape(face.greeting)}</p>
      <p id="notice" dir="auto" lang="{language}">{escape(face.notice)}</p>
    </div>
    <div id="log" role="log" aria-live="off" tabindex="0"></div>
    <div id="typing" role="status" hidden><i></i><i></i><i></i></div>
  </div>
  <button id="down" type="button" hidden></button>
</div>
<form id="composer" autocomplete="off">
  <button id="attach" type="button"></button>
  <input id="pick" type="file" multiple hidden accept="{ACCEPTED}">
  <textarea id="text" rows="1" dir="auto"></textarea>
  <button id="record" type="button" hidden></button>
  <button id="send" type="submit"></button>
</form>
</main>
<p id="news" class="visually-hidden" role="status"></p>
<p id="alarm" class="visually-hidden" role="alert"></p>
</body>
</html>
"""


def _js(value: object) -> str:
    """As a literal that ends no script early."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def ink_on(colour: str) -> str:
    """White or black: what stands out from a colour (#rrggbb) by 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if luminance <= WHITE_STANDS_OUT else "#000000"


def _linear(part: float) -> float:
    """Of a channel of sRGB; the difference below 0.04 is invisible here."""
    return float(((part + 0.055) / 1.055) ** 2.4)

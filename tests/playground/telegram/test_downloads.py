"""A file that somebody sent is looked at or kept; it is never run, whatever it says it is."""

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person, Upload
from tests.playground.telegram.support import BOT_ID, TOKEN, Http

PAGE = b"<script>document.title = 'owned'</script>"
TYPES = {
    "text/html": "application/octet-stream",
    "TEXT/HTML": "application/octet-stream",
    "text/html; charset=utf-8": "application/octet-stream",
    "application/xhtml+xml": "application/octet-stream",
    "image/svg+xml": "application/octet-stream",
    "text/xml": "application/octet-stream",
    "text/javascript": "application/octet-stream",
    "text/css": "application/octet-stream",
    "application/pdf": "application/octet-stream",
    "image/png\r\nX-Evil: 1": "application/octet-stream",
    "\u2028": "application/octet-stream",
    "": "application/octet-stream",
    "image/png": "image/png",
    "audio/ogg": "audio/ogg",
}
NAMES = {
    "menu.pdf": "menu.pdf",
    "caffè «a».html": "caff%C3%A8%20%C2%ABa%C2%BB.html",
    'x".html\r\nX-Evil: 1': "x%22.html%0D%0AX-Evil%3A%201",
    "../../etc/passwd": "..%2F..%2Fetc%2Fpasswd",
    "\ud800.html": "%3F.html",
}


def urls(http: Http, emulator: TelegramEmulator, person: Person, upload: Upload) -> list[str]:
    """Both ways to the file: the page's and the bot's."""
    message = emulator.clients.send_file(person.id, upload, kind="document", bot_id=BOT_ID)
    file = emulator.world.files[message["document"]["file_id"]]
    return [f"{http.url}/client/files/{file.id}", f"{http.url}/file/bot{TOKEN}/{file.path}"]


@pytest.mark.parametrize(("said", "told"), TYPES.items())
async def test_no_type_makes_it_a_page(
    http: Http, emulator: TelegramEmulator, anna: Person, said: str, told: str
) -> None:
    for url in urls(http, emulator, anna, Upload("x", said, PAGE)):
        async with http.session.get(url) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == told
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert response.headers["Content-Disposition"].startswith("attachment;")
            assert "X-Evil" not in response.headers
            assert await response.read() == PAGE


@pytest.mark.parametrize(("name", "told"), NAMES.items())
async def test_its_name_is_only_a_name(
    http: Http, emulator: TelegramEmulator, anna: Person, name: str, told: str
) -> None:
    url = urls(http, emulator, anna, Upload(name, "text/html", PAGE))[0]
    async with http.session.get(url) as response:
        assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{told}"
        assert "X-Evil" not in response.headers

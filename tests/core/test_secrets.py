"""No secret survives in what is stored, wherever it stood; all else does."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.secrets import (
    MARK,
    Findings,
    FoundSecret,
    SecretKind,
    redact,
    search,
    without,
)
from bot.core.spellings import canonical, plain
from bot.core.tokens import bullets
from bot.telegram.read import say_instead, words_in

TOKEN = "987654321:AAH-x_secretsecretsecretsecretsecre"
INVITATION = "i_QmFzZTY0VXJsU2FmZVRva2VuMTIzNDU2"
CONTINUATION = "w_QmFzZTY0VXJsU2FmZVRva2VuMTIzNDU2"
CODE = "AB12-CD34"
SECRETS = st.sampled_from([TOKEN, INVITATION, CODE])
WORDS = st.text(max_size=12)


def update(text: str, **message: Any) -> str:
    return json.dumps({"update_id": 1, "message": {"text": text, **message}}, ensure_ascii=False)


def found_in(payload: str) -> Findings:
    """As in an update of Telegram's."""
    words = words_in(payload)
    return search(payload, said=words.said, told=words.told)


def stored(payload: str) -> str:
    """As if CODE were a code, and whatever looks like one."""
    found = found_in(payload)
    others = [one for one in found.others() if plain(one.text) == plain(CODE)]
    return redact(payload, [*found.secrets, *others])


def text_of(payload: str) -> str:
    return str(json.loads(payload)["message"]["text"])


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        (f"Ecco: {TOKEN}, va bene?", TOKEN, SecretKind.TOKEN),
        ("/unlock zaffiro 99", "zaffiro 99", SecretKind.ARGUMENT),
        ("/UNLOCK@aurora_bot  zaffiro99", "zaffiro99", SecretKind.ARGUMENT),
        ("/unlock: zaffiro99", "zaffiro99", SecretKind.ARGUMENT),
        ("/ unlock=zaffiro99", "zaffiro99", SecretKind.ARGUMENT),
        ("/unlock uno\ndue", "uno\ndue", SecretKind.ARGUMENT),
        ("/assistants code code code", "code code", SecretKind.ARGUMENT),
        ("/Assistants@aurora_bot code vip zaffiro99", "vip zaffiro99", SecretKind.ARGUMENT),
        ("provi /unlock zaffiro99 per favore", "zaffiro99", SecretKind.ARGUMENT),
        (f"/start {INVITATION}", INVITATION, SecretKind.INVITATION),
        (f"/start {CONTINUATION}", CONTINUATION, SecretKind.CONTINUATION),
        (f"https://t.me/aurora_bot?start={INVITATION}", INVITATION, SecretKind.INVITATION),
        (f"Il codice è {CODE}.", CODE, SecretKind.CODE),
        ("(ab12–cd34)", "ab12–cd34", SecretKind.CODE),
        ("кодAB12-CD34🙂", CODE, SecretKind.CODE),
    ],
)
def test_what_may_be_a_secret_is_found_and_hidden(text: str, secret: str, kind: SecretKind) -> None:
    expected = (FoundSecret(kind, secret, spoken=True),) if secret else ()
    assert found_in(update(text)).secrets == expected
    assert text_of(stored(update(text))) == (
        text.replace(secret, bullets(secret))
        if kind is not SecretKind.ARGUMENT
        else text[: text.rindex(secret)]
        + bullets(secret)
        + text[text.rindex(secret) + len(secret) :]
    )


@pytest.mark.parametrize(
    "text",
    [
        "Buongiorno, avete una camera?",
        "/unlock",
        "/unlocked zaffiro99",
        "/start hotel-aurora",
        "must-have e 2024-2025",
        "chiamate il 0243-5678",
        "Sono le 12:30:45, a più tardi",
        "AB12-CD345 e AAB12-CD34",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert found_in(update(text)).secrets == ()


def test_bullets_take_as_much_room_as_the_secret_did() -> None:
    assert bullets("aé🙂") == "••••"


def test_a_redacted_update_says_what_it_held() -> None:
    payload = update(f"{CODE} {TOKEN}", quote={"text": INVITATION})
    assert json.loads(stored(payload))[MARK] == ["token", "code"]


def test_what_only_looks_like_a_code_stays_if_the_caller_says_so() -> None:
    payload = update(f"Ordine XY77-88ZZ, codice {CODE}")
    secrets = [one for one in found_in(payload).secrets if one.text == CODE]
    assert text_of(redact(payload, secrets)) == "Ordine XY77-88ZZ, codice •••••••••"


def test_a_secret_is_hidden_wherever_else_it_stands() -> None:
    payload = update(
        "/unlock Zaffiro99",
        reply_to_message={"text": "provi zaffiro99"},
        entities=[{"type": "text_link", "url": "https://example.com/Zaffiro99"}],
    )
    assert "zaffiro99" not in stored(payload).lower()


def test_a_word_of_telegrams_own_stays_what_it_is() -> None:
    payload = update("/unlock private", chat={"type": "private", "id": 1})
    assert json.loads(stored(payload))["message"]["chat"] == {"type": "private", "id": 1}


@pytest.mark.parametrize("payload", [f"{{{TOKEN}", "[" * 100_000 + f'"{TOKEN}"' + "]" * 100_000])
def test_what_is_no_json_is_not_kept(payload: str) -> None:
    assert stored(payload) == '{"sportello_secrets":[]}'


def trees(secret: str) -> st.SearchStrategy[Any]:
    """Any JSON with the secret in some of its strings, as a value or a name."""
    text = st.builds(lambda a, b: f"{a} {secret} {b}", WORDS, WORDS) | WORDS
    return st.recursive(
        text | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    )


@given(data=st.data(), secret=SECRETS, ascii_only=st.booleans())
def test_no_secret_survives_anywhere(data: st.DataObject, secret: str, ascii_only: bool) -> None:
    tree = data.draw(trees(secret))
    payload = json.dumps({"message": tree}, ensure_ascii=ascii_only)
    left = stored(payload)
    assert secret not in left
    assert secret not in json.dumps(json.loads(left), ensure_ascii=False)


@given(
    before=st.sampled_from(["/unlock ", "/assistants code\n", " /Unlock@b  "]),
    secret=st.text(min_size=6),
)
def test_no_argument_survives_anywhere(before: str, secret: str) -> None:
    payload = update(f"{before}x{secret}x", caption=f"x{secret}x", from_={f"y{secret}": secret})
    assert f"x{secret}x" not in json.dumps(
        json.loads(stored(payload))["message"], ensure_ascii=False
    )


@given(words=WORDS, more=WORDS)
@example(words="2\r", more="")  # nor is a number that ends the line before a part of the token
def test_what_is_around_a_secret_stays(words: str, more: str) -> None:
    payload = json.dumps({"message": {"text": f"{words} {TOKEN} {more}", "n": [1, 2.5, None]}})
    message = json.loads(stored(payload))["message"]
    assert message["n"] == [1, 2.5, None]
    if not found_in(update(f"{words} {more}")).secrets:
        assert message["text"] == f"{words} {bullets(TOKEN)} {more}"


@pytest.mark.parametrize(
    "typed", ["AB10-CD34", "ab1o cd34", " ABLO–CD34 ", "«AB10.CD34»", "ａｂ10ｃｄ34"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert canonical(typed) == "ab10cd34"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Ecco il codice AB12-CD34, avete posto?", "Ecco il codice, avete posto?"),
        ("AB12-CD34: avete posto?", "avete posto?"),
        ("Avete posto? AB12-CD34", "Avete posto?"),
        ("AB12-CD34.", ""),
        ("AB12-CD34\nAvete posto?", "Avete posto?"),
    ],
)
def test_what_is_left_of_the_words_without_a_code(words: str, left: str) -> None:
    assert without(words_in(stored(update(words))).said[0], CODE) == left


@pytest.mark.parametrize("name", ["text", "caption"])
def test_an_update_can_be_made_to_say_something_else(name: str) -> None:
    message = {name: "AB12-CD34 ciao", "entities": [{"offset": 0}], "from": {"id": 1}}
    payload = say_instead(stored(json.dumps({"update_id": 1, "message": message})), "ciao")
    assert json.loads(payload) == {"update_id": 1, "message": {name: "ciao", "from": {"id": 1}}}

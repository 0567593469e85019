"""What a page pays for the chat, and what no file of it may hold."""

import gzip
import json
import re

import pytest

from bot.web.frame import FILES, MODULES, WORDS, Face, frame_page
from tests.core.texts.reading import ADDRESSING, addressed

LOADER_BYTES = 3_000
FRAME_BYTES = 25_000
LATER_BYTES = 14_000
TEXTS = {name: source.decode() for name, source in FILES.items()}
FRAME = Face("Forno Aurora", "Buongiorno!", "Risponde un assistente.", ("https://example.it",))


def zipped(*sources: bytes) -> int:
    """Bytes, each file by itself, as it travels."""
    return sum(len(gzip.compress(source, 9)) for source in sources)


def test_the_loader_is_small() -> None:
    assert zipped(FILES["widget.js"]) <= LOADER_BYTES


@pytest.mark.parametrize("words", WORDS)
def test_so_is_the_frame_with_all_that_it_loads(words: str) -> None:
    page = frame_page(FRAME, key="pk", language=words, words=words).encode()
    names = ("frame/frame.css", f"frame/texts/{words}.js", *MODULES)

    assert zipped(page, *(FILES[name] for name in names)) <= FRAME_BYTES


def test_what_only_some_need_is_loaded_when_they_do() -> None:
    later = [name for name in FILES if name.startswith("later/")]

    assert zipped(*(FILES[name] for name in later)) <= LATER_BYTES
    assert not {*later} & {*MODULES}


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_comes_from_elsewhere_or_is_parsed_as_markup(name: str) -> None:
    foreign = re.findall(r"""(?:src|href|from|import|url)[=( ]+["']?https?:""", TEXTS[name])
    parsed = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", TEXTS[name]
    )

    assert foreign == []
    assert parsed == []


def later_words(name: str, language: str) -> str:
    return TEXTS[f"later/{name}.js"].partition(f"  {language}: {{")[2].partition("  },")[0]


def keys(language: str) -> set[str]:
    later = later_words("sayings", language)
    first = re.findall(r"^  (\w+): ", TEXTS[f"frame/texts/{language}.js"], re.MULTILINE)
    return {*first, *re.findall(r"^    (\w+): ", later, re.MULTILINE)}


def test_every_language_has_the_same_texts() -> None:
    assert set(WORDS) == {"en", "it", "ru"}
    assert keys("en") == keys("it") == keys("ru") > {"send", "tooLarge"}


@pytest.mark.parametrize("language", ADDRESSING)
def test_they_fit_each_form_of_address(language: str) -> None:
    said = TEXTS[f"frame/texts/{language}.js"]
    said += later_words("sayings", language) + later_words("words", language)

    assert addressed(language, said) == []


def test_every_text_is_used_and_every_one_that_is_used_exists() -> None:
    scripts = {name: text for name, text in TEXTS.items() if "/texts/" not in name}
    code = json.dumps(scripts)
    spoken = {key for text in scripts.values() for key in re.findall(r'\bsay\("(\w+)"', text)}

    assert [key for key in sorted(keys("en")) if not re.search(rf'"{key}\\"|\.{key}\b', code)] == []
    assert spoken - keys("en") == set()


def test_the_scripts_stay_small() -> None:
    lengths = {name: text.count("\n") for name, text in TEXTS.items() if name.endswith(".js")}

    assert {name: lines for name, lines in lengths.items() if lines > 250} == {}

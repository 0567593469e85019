from bot.core.secrets import search
from bot.core.spellings import canonical, looks_printed
from bot.telegram.admin.codes import ALPHABET, new_code


def test_a_generated_code_is_found_in_a_message() -> None:
    codes = {new_code() for _ in range(300)}
    assert len(codes) == 300
    for code in codes:
        assert looks_printed(code)
        (found,) = search(f'{{"message": {{"text": "Ecco {code.lower()}!"}}}}').secrets
        assert canonical(found.text) == canonical(code)


def test_no_two_letters_are_one_when_typed() -> None:
    assert len(set(map(canonical, ALPHABET))) == len(ALPHABET) == 33

"""Secrets at rest: locked by SECRET_KEY, whose keys can be changed."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import GiveUp, SecretLost
from bot.ops.vault import KeyVault, new_key

TOKEN = "4711:AAsecretsecretsecretsecretsecretsec"
OLD, NEW = "an-old-key-of-some-length", "a-new-key-of-some-length"


def vault(*keys: str, between: str = ",") -> KeyVault:
    return KeyVault.open(SecretStr(between.join(keys)))


@given(st.text(st.characters()))
def test_what_goes_in_comes_out(secret: str) -> None:
    assert vault(OLD).decrypt(vault(OLD).encrypt(secret)) == secret


def test_what_is_stored_does_not_show_the_secret() -> None:
    stored = vault(OLD).encrypt(TOKEN)

    assert TOKEN not in stored
    assert TOKEN.encode() not in base64.urlsafe_b64decode(stored)
    assert stored != vault(OLD).encrypt(TOKEN)


@pytest.mark.parametrize("between", [",", ", ", " ", "\n"])
def test_a_new_key_encrypts_and_the_old_one_still_decrypts(between: str) -> None:
    both = vault(NEW, OLD, between=between)

    assert both.decrypt(vault(OLD).encrypt(TOKEN)) == TOKEN
    assert vault(NEW).decrypt(both.encrypt(TOKEN)) == TOKEN


def test_another_key_opens_nothing_and_says_nothing() -> None:
    stored = vault(OLD).encrypt(TOKEN)

    with pytest.raises(SecretLost) as caught:
        vault(NEW).decrypt(stored)
    assert TOKEN not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("stored", ["", "no ciphertext", "gAAAAA", "è"])
def test_what_was_never_encrypted_is_lost(stored: str) -> None:
    with pytest.raises(SecretLost):
        vault(OLD).decrypt(stored)


def test_a_hash_is_found_again_after_the_key_has_changed() -> None:
    (stored,) = vault(OLD).digests("AURORA-24", purpose="code")

    current, older = vault(NEW, OLD).digests("AURORA-24", purpose="code")
    assert (older, current != stored) == (stored, True)
    assert re.fullmatch("[0-9a-f]{64}", stored)


def test_a_hash_is_of_one_purpose_and_one_secret() -> None:
    made = {
        vault(OLD).digests(secret, purpose=purpose)
        for secret, purpose in (("a", "code"), ("b", "code"), ("a", "link"))
    }

    assert len(made) == 3


def test_without_a_key_nothing_is_kept() -> None:
    empty = KeyVault.open(None)

    assert (empty.sealed, empty.digests("a", purpose="code")) == (False, ())
    with pytest.raises(GiveUp, match="SECRET_KEY"):
        empty.encrypt(TOKEN)
    with pytest.raises(SecretLost, match="SECRET_KEY"):
        empty.decrypt(vault(OLD).encrypt(TOKEN))


def test_no_key_is_shown() -> None:
    assert OLD not in repr(vault(OLD))


def test_a_text_that_is_none_is_hashed() -> None:
    assert vault(OLD).digests("\ud800", purpose="code")


def test_new_keys_differ_and_fit() -> None:
    one, other = new_key(), new_key()

    assert one != other
    assert vault(one, other).sealed

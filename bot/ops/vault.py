"""Secrets at rest: encrypted, or known by a keyed hash alone, under the keys of SECRET_KEY.

Encryption is Fernet (AES-128-CBC with HMAC-SHA256, https://github.com/fernet/spec); a hash is
HMAC-SHA256. Both keys are derived from each key of SECRET_KEY by HKDF-SHA256 (RFC 5869), so any
long random text can be one. The first key encrypts, all of them decrypt: a new one is put first.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from bot.errors import GiveUp, SecretLost

KEY_BYTES: Final = 32
_UTF8: Final = ("utf-8", "surrogatepass")  # clients may write what is no valid text
_SEPARATORS: Final = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class KeyVault:
    """What locks secrets away; without a key it takes none."""

    _fernet: MultiFernet | None = field(default=None, repr=False)
    _digest_keys: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def open(cls, secret_key: SecretStr | None) -> "KeyVault":
        """A vault for SECRET_KEY: one key, or several with commas or spaces between them."""
        if secret_key is None:
            return cls()
        keys = [key for key in _SEPARATORS.split(secret_key.get_secret_value()) if key]
        ciphers = [Fernet(base64.urlsafe_b64encode(_derived(key, "encryption"))) for key in keys]
        return cls(MultiFernet(ciphers), tuple(_derived(key, "digest") for key in keys))

    @property
    def sealed(self) -> bool:
        """Whether there is a key, so that secrets can be kept."""
        return self._fernet is not None

    def encrypt(self, secret: str) -> str:
        """The secret, unreadable without the key. Raises GiveUp when there is no key."""
        if self._fernet is None:
            raise GiveUp("SECRET_KEY is not set")
        return self._fernet.encrypt(secret.encode(*_UTF8)).decode()

    def decrypt(self, ciphertext: str) -> str:
        """What was encrypted. Raises SecretLost when none of the keys opens it."""
        if self._fernet is None:
            raise SecretLost("SECRET_KEY is not set")
        try:
            return self._fernet.decrypt(ciphertext).decode(*_UTF8)
        except (InvalidToken, ValueError):  # a ValueError for what is no ciphertext at all
            raise SecretLost("no key of SECRET_KEY opens it") from None

    def digests(self, secret: str, *, purpose: str) -> tuple[str, ...]:
        """The secret's keyed hash (hex) under each key: the first is the one to store.

        To find one stored under an older key, look for all of them. Without a key there is none.
        """
        told = f"{purpose}\0{secret}".encode(*_UTF8)
        return tuple(hmac.digest(key, told, "sha256").hex() for key in self._digest_keys)


def new_key() -> str:
    """A key for SECRET_KEY, as random as a key can be."""
    return secrets.token_urlsafe(KEY_BYTES)


def _derived(key: str, use: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use.encode())
    return derivation.derive(key.encode())

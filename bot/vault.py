"""What must be reversible, encrypted: a Discord id that the bot has to reach again, under the installation's secret."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corpus.errors import NewsdeskError

PURPOSE = b"newsdesk recipients v1"
"""Keeps this key apart from every other that is derived from the same secret."""
KEY_BYTES = 32


class VaultError(NewsdeskError):
    """A token was not sealed under this secret, or was changed."""


class Vault:
    """Seals Discord's ids by Fernet (AES-128-CBC and HMAC-SHA-256), the key derived by HKDF (RFC 5869).

    Args:
        secret: the installation's, see ``bot.settings.installation_secret``.
    """

    def __init__(self, secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE).derive(secret)
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, user: int, channel: int = 0) -> bytes:
        """The token for a user, and a channel where that matters; of one length, and different each time."""
        return self._fernet.encrypt(struct.pack(">QQ", user, channel))

    def open(self, token: bytes) -> int:
        """The user of a token.

        Raises:
            VaultError: see there.
        """
        return self.open_both(token)[0]

    def open_both(self, token: bytes) -> tuple[int, int]:
        """User and channel of a token, the channel 0 where there was none.

        Raises:
            VaultError: see there.
        """
        try:
            user, channel = struct.unpack(">QQ", self._fernet.decrypt(token))
        except (InvalidToken, struct.error):
            raise VaultError(
                "cannot be opened", subject="a recipient", remedy="set NEWSDESK_SECRET back to what it was"
            ) from None
        return user, channel

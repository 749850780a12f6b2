"""A cipher for tests: bound to whose the secret is, sealed, and unreadable in dumps. Not for real secrets."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from itertools import count

from reprise.domain.connections import ConnectionId
from reprise.ports.credentials import CannotDecrypt

_NONCE, _SEAL = 16, 32


class MemoryCipher:
    """Set `key_is_gone` to make every stored credential unreadable."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self.key_is_gone = False

    def encrypt(self, plaintext: str, *, user_id: str, connection_id: ConnectionId) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        key = self._derived(user_id, connection_id)
        body = _xored(plaintext.encode(), key, nonce)
        return nonce + body + hmac.digest(key, nonce + body, "sha256")

    def decrypt(self, ciphertext: bytes, *, user_id: str, connection_id: ConnectionId) -> str:
        nonce, body, seal = ciphertext[:_NONCE], ciphertext[_NONCE:-_SEAL], ciphertext[-_SEAL:]
        key = self._derived(user_id, connection_id)
        if self.key_is_gone or not hmac.compare_digest(seal, hmac.digest(key, nonce + body, "sha256")):
            raise CannotDecrypt("the credential cannot be opened")
        return _xored(body, key, nonce).decode()

    def _derived(self, user_id: str, connection_id: ConnectionId) -> bytes:
        return hmac.digest(self._key, repr((user_id, connection_id)).encode(), "sha256")


def _xored(data: bytes, key: bytes, nonce: bytes) -> bytes:
    stream = b""
    for block in count():
        if len(stream) >= len(data):
            break
        stream += hashlib.sha256(key + nonce + block.to_bytes(8, "big")).digest()
    return bytes(left ^ right for left, right in zip(data, stream, strict=False))

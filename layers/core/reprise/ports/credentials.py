"""Secrets: kept encrypted, in the clear only in memory (invariant 8)."""

from __future__ import annotations

from typing import Protocol

from reprise.domain.connections import ConnectionId


class Cipher(Protocol):
    """Encrypts credentials, bound to whose they are: what was encrypted for one connection opens for no other."""

    def encrypt(self, plaintext: str, *, user_id: str, connection_id: ConnectionId) -> bytes: ...

    def decrypt(self, ciphertext: bytes, *, user_id: str, connection_id: ConnectionId) -> str:
        """Raises `CannotDecrypt` when it was made for another connection, was altered, or its key is gone."""
        ...


class CannotDecrypt(Exception):
    """The stored credential cannot be read any more; the person has to sign in again."""

"""Credentials encrypted by KMS itself: the key never leaves it, and each use is bound to whose credential it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reprise.domain.connections import ConnectionId
from reprise.ports.credentials import CannotDecrypt

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# What KMS `Encrypt` takes. A password fits; anything longer needs a data key.
PLAINTEXT_BYTES_MAX = 4096

# The stored credential is lost for good: another owner's, altered, or made by a key that was replaced since. A key that
# is disabled or missing, a missing permission and throttling are the operator's: they raise as they are, for signing in
# again would not help, and nobody may be told that it would.
_LOST = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class KmsCipher:
    """`Cipher`. The encryption context `{user_id, connection_id}` is authenticated by KMS and shows in CloudTrail."""

    def __init__(self, *, client: KMSClient, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def encrypt(self, plaintext: str, *, user_id: str, connection_id: ConnectionId) -> bytes:
        """Raises `ValueError` for more than 4096 bytes of UTF-8, or for nothing at all."""
        data = plaintext.encode()
        if not 0 < len(data) <= PLAINTEXT_BYTES_MAX:
            raise ValueError(f"a credential has 1 to {PLAINTEXT_BYTES_MAX} bytes")
        answer = self._client.encrypt(
            KeyId=self._key_id, Plaintext=data, EncryptionContext=_context(user_id, connection_id)
        )
        return answer["CiphertextBlob"]

    def decrypt(self, ciphertext: bytes, *, user_id: str, connection_id: ConnectionId) -> str:
        try:
            answer = self._client.decrypt(
                KeyId=self._key_id, CiphertextBlob=ciphertext, EncryptionContext=_context(user_id, connection_id)
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _LOST:
                raise CannotDecrypt("the credential cannot be opened") from error
            raise
        return answer["Plaintext"].decode()


def _context(user_id: str, connection_id: ConnectionId) -> dict[str, str]:
    return {"user_id": user_id, "connection_id": connection_id}

"""Encryption of a backup as a stream, in blocks of AES-256-GCM.

The construction is STREAM, as in age (https://age-encryption.org/v1): the nonce of a block is its number and
whether it is the last, so blocks cannot be changed, moved, left out or cut off. The key of each file is derived
from BACKUP_KEY and a random salt, so nonces never repeat under one key.
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflow.backup.errors import BackupDamaged

MAGIC = b"twinlane-backup-1\n"
SALT, BLOCK, TAG = 16, 64 * 1024, 16  # bytes


def _cipher(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"twinlane backup").derive(key.encode()))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


class EncryptingWriter:
    """File that encrypts what is written to it; `close` writes the last block and leaves the target open."""

    def __init__(self, target: BinaryIO, key: str) -> None:
        salt = os.urandom(SALT)
        target.write(MAGIC + salt)
        self._target, self._cipher = target, _cipher(key, salt)
        self._waiting, self._number = bytearray(), 0

    def write(self, data: bytes) -> int:
        """Encrypt every block that is followed by more."""
        self._waiting += data
        while len(self._waiting) > BLOCK:
            self._seal(last=False)
        return len(data)

    def close(self) -> None:
        """Write the last block."""
        self._seal(last=True)

    def _seal(self, *, last: bool) -> None:
        block = bytes(self._waiting[:BLOCK])
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), block, None))
        self._number += 1
        del self._waiting[:BLOCK]


class DecryptingReader:
    """File that decrypts what is read from it. Raises BackupDamaged where a block is not the one that was written."""

    def __init__(self, source: BinaryIO, key: str) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise BackupDamaged("It is no encrypted backup.")
        self._source, self._cipher = source, _cipher(key, source.read(SALT))
        self._ahead = source.read(BLOCK + TAG)
        self._clear, self._number = bytearray(), 0

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer at the end."""
        while len(self._clear) < size and self._ahead:
            self._open()
        found = bytes(self._clear[:size])
        del self._clear[:size]
        return found

    def _open(self) -> None:
        block, self._ahead = self._ahead, self._source.read(BLOCK + TAG)
        try:
            self._clear += self._cipher.decrypt(_nonce(self._number, last=not self._ahead), block, None)
        except InvalidTag as error:
            raise BackupDamaged("It was changed or cut, or BACKUP_KEY is another one.") from error
        self._number += 1


def is_encrypted(source: BinaryIO) -> bool:
    """Return True if a file begins as an encrypted backup; the file is read from its beginning afterwards."""
    start = source.read(len(MAGIC))
    source.seek(0)
    return start == MAGIC

"""Encryption of backups: content is read back whole, and a changed, cut or reordered file or another key is refused."""

import io

import pytest

from workflow.backup.encryption import (
    BLOCK,
    MAGIC,
    SALT,
    TAG,
    DecryptingReader,
    EncryptingWriter,
    is_encrypted,
)
from workflow.backup.errors import BackupDamaged

KEY = "a key of a city, long enough to be one"
HEAD = len(MAGIC) + SALT


def encrypted(content: bytes, key: str = KEY, size: int = 10_007) -> bytes:
    target = io.BytesIO()
    writer = EncryptingWriter(target, key)
    for start in range(0, len(content), size):
        writer.write(content[start : start + size])
    writer.close()
    return target.getvalue()


def decrypted(content: bytes, key: str = KEY, size: int = 9_973) -> bytes:
    reader = DecryptingReader(io.BytesIO(content), key)
    parts = list(iter(lambda: reader.read(size), b""))
    assert all(len(part) == size for part in parts[:-1])
    return b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5])
def test_decrypted_content_equals_encrypted_content(size):
    content = bytes(number % 251 for number in range(size))
    assert decrypted(encrypted(content)) == content


def test_encrypted_file_reveals_no_content_and_differs_each_time():
    content = b"a name of a person " * 100
    one, two = encrypted(content), encrypted(content)
    assert b"person" not in one
    assert one[HEAD:] != two[HEAD:]


def encrypted_blocks(content: bytes) -> list[bytes]:
    return [content[at : at + BLOCK + TAG] for at in range(HEAD, len(content), BLOCK + TAG)]


def damaged_files() -> dict[str, bytes]:
    whole = encrypted(b"x" * (3 * BLOCK))
    head, (first, second, third) = whole[:HEAD], encrypted_blocks(whole)
    return {
        "one bit": whole[:-1] + bytes([whole[-1] ^ 1]),
        "another salt": MAGIC + bytes(SALT) + whole[HEAD:],
        "the end is cut": whole[:-1],
        "the last block is cut": head + first + second,
        "a block is missing": head + first + third,
        "blocks have changed places": head + second + first + third,
        "a block comes twice": head + first + first + second + third,
        "something follows": whole + first,
        "all blocks are cut": head + b"\0",
    }


@pytest.mark.parametrize("name", damaged_files())
def test_damaged_encrypted_file_is_refused(name):
    with pytest.raises(BackupDamaged, match="changed or cut"):
        decrypted(damaged_files()[name])


def test_wrong_key_and_unencrypted_file_are_refused():
    with pytest.raises(BackupDamaged, match="BACKUP_KEY"):
        decrypted(encrypted(b"x"), "another key")
    with pytest.raises(BackupDamaged, match="no encrypted backup"):
        decrypted(b"x" * 100)


def test_encrypted_file_is_recognized_by_its_header():
    source = io.BytesIO(encrypted(b"x"))
    assert is_encrypted(source)
    assert source.tell() == 0
    assert not is_encrypted(io.BytesIO(b"a tar"))

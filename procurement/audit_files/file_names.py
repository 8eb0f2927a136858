"""File names inside an audit file: readable, in any script, and valid on every operating system. Pure."""

import re
import unicodedata

MAX_NAME_LENGTH = 80  # characters of a name; with its folders far below the limit of Windows
# Characters with a special meaning in file systems: separators, wildcards and streams.
FORBIDDEN_CHARACTERS = re.compile(r'[\\/:*?"<>|]')


def safe_name(name: str, number: int) -> str:
    """Return a valid file name with a number in front.

    The number makes each name unique and prevents reserved device names (`CON`, `NUL`).
    """
    seen = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", name)
    )
    plain = re.sub(r" +", " ", FORBIDDEN_CHARACTERS.sub("-", seen)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not stem:
        stem, dot, ending = plain, "", ""
    short = (
        f"{stem[: MAX_NAME_LENGTH - len(ending) - 1].rstrip(' .')}{dot}{ending}"
        if len(plain) > MAX_NAME_LENGTH
        else plain
    )
    return f"{number:02d} {short or 'file'}"

"""Names of files inside a bundle: readable, in any script, and safe on every machine that unpacks them. Pure."""

import re
import unicodedata

LONGEST = 80  # signs of a name; with its folders far below what Windows takes
# What a file system takes for something else: separators, wildcards, streams, and every sign that is not seen.
BAD = re.compile(r'[\\/:*?"<>|]')


def safe(name: str, number: int) -> str:
    """A name that stands for itself alone: numbered, so that two are never one, and that none is a device (`CON`, `NUL`)."""
    seen = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", name)
    )
    plain = re.sub(r" +", " ", BAD.sub("-", seen)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not stem:
        stem, dot, ending = plain, "", ""
    short = (
        f"{stem[: LONGEST - len(ending) - 1].rstrip(' .')}{dot}{ending}" if len(plain) > LONGEST else plain
    )
    return f"{number:02d} {short or 'file'}"

"""Comparison of the models that a certificate names with the offered model. Pure text functions.

Certificates list, shorten and group models in many ways. A family of models counts only if the certificate
marks it as one: "KN95-xxx" (two placeholders or more), "AL-S*", "AL-S series", "AL-S1~AL-S5". A single x is
a letter of the name, and a pattern with fewer than two fixed characters names no family. These
conventions are our own.
"""

import re
import unicodedata

MODEL_SEPARATORS = re.compile(r"[,;\n\r、，；]|\s/\s|[及和]|\s(?:and|et)\s")
RANGE_WORDS = re.compile(r"\s*(?:~|～|至|\.\.|\bto\b|\bà\b)\s*")
SERIES_WORDS = re.compile(r"\s*(?:\bs[ée]ries?\b|\bfamily\b|\bgamme\b|系列)\s*", re.IGNORECASE)
MODEL_LABEL_PATTERN = re.compile(
    r"^(?:models?|mod[èe]les?|types?|规格|型号)\b\s*[:：]?\s*|^(?:规格|型号)[:：]?\s*", re.IGNORECASE
)
PLACEHOLDER_PATTERN = re.compile(r"(?<![A-Z0-9])X{2,}(?![A-Z0-9])|(?<=[0-9])X{2,}(?![A-Z0-9])")
NUMBERED_MODEL_PATTERN = re.compile(r"(.*?)([0-9]+)")
MIN_FIXED_CHARACTERS = 2
MAX_NUMBER_LENGTH = 9  # a longer run of digits is not compared as a number


def covers_model(named: str, model: str) -> bool | None:
    """Return True if the models that a certificate names cover a model; None if either text is empty."""
    wanted = _plain(model)
    texts = (
        MODEL_LABEL_PATTERN.sub("", part.strip())
        for part in MODEL_SEPARATORS.split(unicodedata.normalize("NFKC", named))
    )
    parts = [part for part in texts if part]
    if not wanted or not parts:
        return None
    return any(_part_covers(part, wanted) for part in parts)


def _part_covers(part: str, wanted: str) -> bool:
    ends = RANGE_WORDS.split(part)
    if len(ends) == 2 and _is_in_range(_plain(ends[0]), wanted, _plain(ends[1])):
        return True
    slashed = [one for one in part.split("/") if one.strip()]
    return any(_name_covers(one, wanted) for one in {part, *slashed})


def _name_covers(name: str, wanted: str) -> bool:
    """Return True if a name is the model itself or marks a family that contains the model."""
    stem = SERIES_WORDS.sub(" ", name)
    if stem != name and len(_plain(stem)) >= MIN_FIXED_CHARACTERS and wanted.startswith(_plain(stem)):
        return True
    if _plain(name) == wanted:
        return True
    pattern = PLACEHOLDER_PATTERN.sub(lambda found: "?" * len(found[0]), name.upper())
    fixed = _plain(pattern)
    if len(fixed) < MIN_FIXED_CHARACTERS or not {"?", "*"} & set(pattern):
        return False
    signs = {"?": "[0-9A-Z]", "*": "[0-9A-Z]*"}
    values = "".join(signs.get(char, re.escape(_plain(char))) for char in pattern)
    return re.fullmatch(values, wanted) is not None


def _is_in_range(first: str, wanted: str, last: str) -> bool:
    """Return True if a model is in a range whose ends differ in the last number.

    Examples of ranges: "AL-S1~AL-S5", "AL-S1~5".
    """
    begin, middle, end = (NUMBERED_MODEL_PATTERN.fullmatch(one) for one in (first, wanted, last))
    if not (begin and middle and end) or end[1] not in ("", begin[1]) or middle[1] != begin[1]:
        return False
    if max(len(one[2]) for one in (begin, middle, end)) > MAX_NUMBER_LENGTH:
        return False
    return int(begin[2]) <= int(middle[2]) <= int(end[2])


def _plain(name: str) -> str:
    """Return the model in the form used for comparison: upper-case letters and digits of any script."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).upper() if char.isalnum())

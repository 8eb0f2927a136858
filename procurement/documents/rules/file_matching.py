"""Matching of uploaded files to customs documents, by file name and text.

The result is a proposal: a person confirms it. Pure functions.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.document_aliases import DOCUMENT_ALIASES

TITLE_SEARCH_LENGTH = 600  # characters at the beginning of a text, where a document names itself
MIN_NAME_LETTERS_IN_TEXT = (
    4  # Latin letters of a name in a text: an abbreviation may mean something else there
)
MIN_DOCUMENT_NUMBER_LENGTH = 5  # characters of a number that identifies a document
_BREAKS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SIGNS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACED_HAN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # as some PDFs set each character apart
_COMPANY_SUFFIX = re.compile(r"\bco ltd\b")  # no certificate of origin


class MatchReason(IntEnum):
    """Reason of a match; a higher one is stronger."""

    NUMBER_IN_TEXT = 1  # an invoice also quotes the air waybill
    NAME_IN_TEXT = 2
    REFERENCE_IN_TEXT = 3
    NAME_IN_FILE_NAME = 4
    NUMBER_IN_FILE_NAME = 5
    REFERENCE_IN_FILE_NAME = 6


@dataclass(frozen=True)
class Match:
    """Document that a file seems to be, the reason, and the words found in the file."""

    document: CustomsDocument
    reason: MatchReason
    matched_words: str


def normalize(text: str) -> str:
    """Return a text for comparison: lower case without accents, words and numbers separated by one space."""
    plain = unicodedata.normalize("NFKC", text)
    parts = _SIGNS.sub(" ", _BREAKS.sub(" ", plain)).casefold()
    bare = (char for char in unicodedata.normalize("NFKD", parts) if not unicodedata.combining(char))
    return _SPACED_HAN.sub("", " ".join("".join(bare).split()))


def match_files(
    files: Sequence[tuple[str, str]],
    documents: Sequence[CustomsDocument],
    numbers: Mapping[str, Collection[str]],
) -> list[Match | None]:
    """Return for each file, given as name and text, the document that it seems to be, or None.

    `documents` are in the order in which they are needed. `numbers` holds further numbers by document code,
    such as the shipment's air waybill. If several documents fit equally well, the files take them in turn.
    """
    found: list[Match | None] = []
    taken: set[int] = set()
    for name, text in files:
        fits = sorted(_matches(name, text, documents, numbers), key=lambda one: one[0], reverse=True)
        best = [match for strength, match in fits if strength == fits[0][0]]
        chosen = next((one for one in best if one.document.pk not in taken), best[0] if best else None)
        if chosen is not None:
            taken.add(chosen.document.pk)
        found.append(chosen)
    return found


type Strength = tuple[int, int, int, bool]


def _matches(
    name: str, text: str, documents: Sequence[CustomsDocument], numbers: Mapping[str, Collection[str]]
) -> Iterator[tuple[Strength, Match]]:
    """Yield the matches of a file with their strength.

    It counts the reason, then how early the words stand in a text, their length, and whether the company that
    owes the document is named.
    """
    title = _COMPANY_SUFFIX.sub("ltd", normalize(name.rpartition(".")[0] or name))
    words = normalize(text)
    for document in documents:
        owing = document.supplier
        companies = (owing.legal_name_local, owing.name_en) if owing is not None else ()
        named = any(_is_in(normalize(one), where) for one in companies for where in (title, words))
        for reason, early, found in _reasons(document, title, words, numbers):
            yield (reason, early, len(found), named), Match(document, reason, found)


def _reasons(
    document: CustomsDocument, title: str, words: str, numbers: Mapping[str, Collection[str]]
) -> Iterator[tuple[MatchReason, int, str]]:
    """Yield each reason why a file is this document: the reason, its position, and the words."""
    reference = normalize(document.reference)
    known = [one for one in (document.number, *numbers.get(document.code, ())) if one]
    for where, by_reference, by_number in (
        (title, MatchReason.REFERENCE_IN_FILE_NAME, MatchReason.NUMBER_IN_FILE_NAME),
        (words, MatchReason.REFERENCE_IN_TEXT, MatchReason.NUMBER_IN_TEXT),
    ):
        if _is_in(reference, where):
            yield by_reference, 0, document.reference
        for number in known:
            if _contains_number(number, where):
                yield by_number, 0, number
    for phrase in document_names(document.code, document.name_en, document.name_fr, document.name_zh):
        if _is_in(phrase, title):
            yield MatchReason.NAME_IN_FILE_NAME, 0, phrase
        place = _position_in(phrase, words[:TITLE_SEARCH_LENGTH])
        if place is not None and (_HAN.search(phrase) or len(phrase) >= MIN_NAME_LETTERS_IN_TEXT):
            yield MatchReason.NAME_IN_TEXT, -place, phrase


@cache
def document_names(code: str, *names: str) -> tuple[str, ...]:
    """Return the names and abbreviations of a document, normalized. Explanations in brackets are left out."""
    short_names = (re.split(r"[(（:：]", name)[0] for name in names)
    found = (normalize(one) for one in (*DOCUMENT_ALIASES.get(code, ()), *names, *short_names))
    return tuple(dict.fromkeys(one for one in found if one))


def _is_in(phrase: str, text: str) -> bool:
    return _position_in(phrase, text) is not None


def _position_in(phrase: str, text: str) -> int | None:
    """Return the position of a normalized phrase in a text, as whole words, or None. Chinese has no spaces."""
    if not phrase:
        return None
    if _HAN.search(phrase):
        place = text.find(phrase)
        return place if place >= 0 else None
    place = f" {text} ".find(f" {phrase} ")
    return place if place >= 0 else None


def _contains_number(number: str, text: str) -> bool:
    bare = normalize(number).replace(" ", "")
    return len(bare) >= MIN_DOCUMENT_NUMBER_LENGTH and bare in text.replace(" ", "")

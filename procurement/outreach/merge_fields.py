"""Merge fields of letters: words in braces that are replaced by facts of the need or of the contact."""

import re
from collections.abc import Collection, Mapping

CONTACT_MERGE_FIELDS = (
    "name",
    "city",
    "tie",
)  # form of address, the contact's city, and the sentence on the agreement
# What a need asks for, the city that asks, and the block that names the officer.
NEED_MERGE_FIELDS = ("need", "our_city", "signature")
TEMPLATE_MERGE_FIELDS = (*CONTACT_MERGE_FIELDS, *NEED_MERGE_FIELDS)
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_BLANK_LINES = re.compile(r"\n{3,}")


def fill_merge_fields(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its merge fields filled in. Other words in braces stay as they are."""
    return _FIELD.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def drop_empty_paragraphs(text: str) -> str:
    """Return the text without the blank paragraphs that empty merge fields leave."""
    return _BLANK_LINES.sub("\n\n", text).strip()


def merge_fields_in(text: str) -> set[str]:
    """Return the words in braces."""
    return {found[1].strip() for found in _FIELD.finditer(text)}


def unknown_merge_fields(text: str, known: Collection[str] = CONTACT_MERGE_FIELDS) -> list[str]:
    """Return the words in braces that are no merge fields, in the order of the text."""
    return [found[0] for found in _FIELD.finditer(text) if found[1].strip() not in known]

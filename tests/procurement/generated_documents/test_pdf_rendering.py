"""Tests of the PDF of every generated document, in every pair of languages.

All text is printed, with a glyph for each character and within the page, and the file is PDF/A.
"""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from procurement.documents.models.generated_documents import GeneratedDocument
from tests.worlds.generated_documents import Office, save_pictures, text_of
from tests.worlds.shipments import DELIVERED_AT
from workflow.pdf.typefaces import supported_characters

PAIRS = tuple(GeneratedDocument.LanguagePair)
CODES = ("language", "kind", "widths", "figures", "reference", "about")


def check_printed_document(made: GeneratedDocument) -> None:
    """Check one document as a reader and as an archive see it."""
    save_pictures(made)
    pdf = bytes(made.file.pdf)
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
        assert made.thing in facts["dc:title"]
        assert 0 not in {glyph for page in document.pages for glyph in glyphs_of_page(page)}, (
            "a sign without a glyph"
        )
    told = without_spaces(text_of(pdf))
    texts = [text for text in texts_in(made.file.words) if text not in texts_not_printed(made)]
    assert len(texts) > 10
    missing = [text for text in texts if without_spaces(text) not in told]
    assert missing == [], made
    signs = {sign for text in texts for sign in text if not sign.isspace()}
    assert {sign for sign in signs if ord(sign) not in supported_characters()} == set()
    assert without_spaces(made.fingerprint) in told
    check_text_within_page(pdf)


def texts_not_printed(made: GeneratedDocument) -> set[str]:
    """Return texts that are printed nowhere, because labels and certificates have no header.

    These are the day, and for labels also the title and the purpose of the QR code.
    """
    names = {
        GeneratedDocument.Kind.CARTON_LABELS: ("title", "day", "scan"),
        GeneratedDocument.Kind.PALLET_LABELS: ("title", "day", "scan"),
    }
    bare = names.get(
        made.kind,
        ("day",)
        if made.kind
        in (GeneratedDocument.Kind.DONATION_CERTIFICATE, GeneratedDocument.Kind.THANKS_CERTIFICATE)
        else (),
    )
    return {language[name] for language in made.file.words["languages"] for name in bare}


def glyphs_of_page(page: pikepdf.Page) -> Iterator[int]:
    """Yield the glyph numbers that a page uses in its fonts. 0 is the box for a missing glyph."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for run in (bytes(part) for part in parts if isinstance(part, pikepdf.String)):
                yield from (number for (number,) in struct.iter_unpack(">H", run))


def check_text_within_page(pdf: bytes) -> None:
    """Check that no character lies beyond the edge of its page."""
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        found = page.get_textpage()
        boxes = [found.get_charbox(number) for number in range(found.count_chars())]
        assert all(
            left >= 0 and right <= width and low >= 0 and high <= height for left, low, right, high in boxes
        )


def texts_in(part: Any) -> Any:
    """Yield the texts that a document shows, at any depth."""
    match part:
        case str():
            yield from (line for line in part.split("\n") if line)
        case dict():
            for name, one in part.items():
                if name not in CODES:
                    yield from texts_in(one)
        case list():
            for one in part:
                yield from texts_in(one)


def without_spaces(text: str) -> str:
    """Return the text without spaces and hyphens.

    A hyphen at the end of a line is read as a mark of its own.
    """
    return re.sub(r"[-\s\u200b\xad\ufffe\x02\xa0\u202f]", "", text)


def structure_of(part: Any) -> Any:
    """Return the structure of a document's words, with types in place of the texts."""
    match part:
        case dict():
            return {name: structure_of(one) for name, one in part.items()}
        case list():
            return [structure_of(one) for one in part]
    return type(part).__name__


def check_purchase_documents(office: Office, pairs: tuple[str, ...]) -> None:
    """Check every document of a purchase, before and after its arrival."""
    shipment = office.bought()
    order = office.order_of(shipment)
    before, after = (
        (
            GeneratedDocument.Kind.INVOICE,
            GeneratedDocument.Kind.PACKING_LIST,
            GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
            GeneratedDocument.Kind.CARTON_LABELS,
            GeneratedDocument.Kind.PALLET_LABELS,
        ),
        (GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, GeneratedDocument.Kind.INSPECTION_REPORT),
    )
    for kind in before:
        for pair in pairs:
            check_printed_document(
                office.make(
                    kind, shipment, order if kind in GeneratedDocument.ORDER_PART_KINDS else None, pair
                )
            )
    office.register()
    for pair in pairs:
        check_printed_document(office.make(GeneratedDocument.Kind.PURCHASE_ORDER, None, order, pair))
    office.receive_and_release(shipment)
    for kind in after:
        for pair in pairs:
            check_printed_document(office.make(kind, shipment, None, pair, at=DELIVERED_AT))


def check_donation_documents(office: Office, pairs: tuple[str, ...]) -> None:
    """Check every document of a donation, before and after its arrival."""
    shipment = office.given()
    order = office.order_of(shipment)
    for kind in (
        GeneratedDocument.Kind.PROFORMA,
        GeneratedDocument.Kind.STATEMENT_OF_VALUE,
        GeneratedDocument.Kind.OFFER_LETTER,
        GeneratedDocument.Kind.ACCEPTANCE_LETTER,
        GeneratedDocument.Kind.DONATION_CERTIFICATE,
    ):
        for pair in pairs:
            check_printed_document(office.make(kind, shipment, order, pair))
    office.receive_and_release(shipment)
    for kind in (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE):
        for pair in pairs:
            check_printed_document(office.make(kind, shipment, order, pair, at=DELIVERED_AT))


def test_purchase_documents_render_completely_in_chinese_and_english(office: Office) -> None:
    check_purchase_documents(office, ("zh-en",))


def test_donation_documents_render_completely_in_chinese_and_french(office: Office) -> None:
    check_donation_documents(office, ("zh-fr",))


@pytest.mark.every_way
@pytest.mark.parametrize("pair", PAIRS)
def test_every_document_renders_completely_in_every_language_pair(office: Office, pair: str) -> None:
    check_purchase_documents(office, (pair,))
    check_donation_documents(office, (pair,))


def test_joint_declaration_of_non_medical_masks_renders_completely(office: Office) -> None:
    check_printed_document(
        office.make(
            GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, office.for_offices(), language_pair="zh-en"
        )
    )


def test_both_languages_of_a_document_have_the_same_structure(office: Office) -> None:
    shipment = office.bought(containers=["CSQU3054383"], seals=["S-1"])
    order = office.order_of(shipment)
    for kind in (
        GeneratedDocument.Kind.INVOICE,
        GeneratedDocument.Kind.PACKING_LIST,
        GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
    ):
        first, second = office.make(kind, shipment, order).file.words["languages"]
        assert structure_of(first.get("blocks")) == structure_of(second.get("blocks")), kind

"""Every paper in every pair of languages: each text is on it whole, in signs its typefaces have, and the file is PDF/A."""

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from procurement.shipments.models.made import MadePaper
from tests.procurement.shipments.papers.play import Office, keep, text_of
from tests.procurement.shipments.play import DOOR
from workflow.papers.typefaces import known_signs

PAIRS = tuple(MadePaper.Tongues)
CODES = ("language", "kind", "widths", "figures", "reference", "about")


def looked_at(made: MadePaper) -> None:
    """One paper, as a reader and as an archive see it."""
    keep(made)
    pdf = bytes(made.print.pdf)
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
        assert made.thing in facts["dc:title"]
        assert 0 not in {glyph for page in document.pages for glyph in glyphs(page)}, "a sign without a glyph"
    told = squeezed(text_of(pdf))
    texts = [text for text in texts_of(made.print.words) if text not in apart(made)]
    assert len(texts) > 10
    missing = [text for text in texts if squeezed(text) not in told]
    assert missing == [], made
    signs = {sign for text in texts for sign in text if not sign.isspace()}
    assert {sign for sign in signs if ord(sign) not in known_signs()} == set()
    assert squeezed(made.fingerprint) in told
    inside(pdf)


def apart(made: MadePaper) -> set[str]:
    """What is written nowhere on labels and certificates, which have no head: their title (of labels), day, and what the QR is for."""
    names = {
        MadePaper.Kind.CARTONS: ("title", "day", "scan"),
        MadePaper.Kind.PALLETS: ("title", "day", "scan"),
    }
    bare = names.get(
        made.kind, ("day",) if made.kind in (MadePaper.Kind.GIFT, MadePaper.Kind.THANKS_CERTIFICATE) else ()
    )
    return {tongue[name] for tongue in made.print.words["tongues"] for name in bare}


def glyphs(page: pikepdf.Page) -> Iterator[int]:
    """The glyphs a page sets, by their numbers in its fonts; 0 is the box that stands for a missing one."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for run in (bytes(part) for part in parts if isinstance(part, pikepdf.String)):
                yield from (number for (number,) in struct.iter_unpack(">H", run))


def inside(pdf: bytes) -> None:
    """No sign lies beyond the edge of its page."""
    for page in pypdfium2.PdfDocument(pdf):
        width, height = page.get_size()
        found = page.get_textpage()
        boxes = [found.get_charbox(number) for number in range(found.count_chars())]
        assert all(
            left >= 0 and right <= width and low >= 0 and high <= height for left, low, right, high in boxes
        )


def texts_of(part: Any) -> Any:
    """What a paper's words show, however deep."""
    match part:
        case str():
            yield from (line for line in part.split("\n") if line)
        case dict():
            for name, one in part.items():
                if name not in CODES:
                    yield from texts_of(one)
        case list():
            for one in part:
                yield from texts_of(one)


def squeezed(text: str) -> str:
    """Without spaces, and without hyphens: at the end of a line they are told as a mark of their own."""
    return re.sub(r"[-\s\u200b\xad\ufffe\x02\xa0\u202f]", "", text)


def shapes(part: Any) -> Any:
    """A paper's words without the words."""
    match part:
        case dict():
            return {name: shapes(one) for name, one in part.items()}
        case list():
            return [shapes(one) for one in part]
    return type(part).__name__


def bought(office: Office, pairs: tuple[str, ...]) -> None:
    """Every paper of a purchase, before and after it came."""
    shipment = office.bought()
    order = office.order_of(shipment)
    before, after = (
        (
            MadePaper.Kind.INVOICE,
            MadePaper.Kind.PACKING,
            MadePaper.Kind.EXPORTER,
            MadePaper.Kind.CARTONS,
            MadePaper.Kind.PALLETS,
        ),
        (MadePaper.Kind.RECEIVED, MadePaper.Kind.INSPECTED),
    )
    for kind in before:
        for pair in pairs:
            looked_at(office.make(kind, shipment, order if kind in MadePaper.OF_PART else None, pair))
    office.come(shipment)
    for kind in after:
        for pair in pairs:
            looked_at(office.make(kind, shipment, None, pair, at=DOOR))


def given(office: Office, pairs: tuple[str, ...]) -> None:
    """Every paper of a gift, before and after it came."""
    shipment = office.given()
    order = office.order_of(shipment)
    for kind in (
        MadePaper.Kind.PROFORMA,
        MadePaper.Kind.VALUE,
        MadePaper.Kind.OFFER,
        MadePaper.Kind.ACCEPTANCE,
        MadePaper.Kind.GIFT,
    ):
        for pair in pairs:
            looked_at(office.make(kind, shipment, order, pair))
    office.come(shipment)
    for kind in (MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE):
        for pair in pairs:
            looked_at(office.make(kind, shipment, order, pair, at=DOOR))


def test_papers_of_a_purchase_are_whole_in_chinese_beside_english(office: Office) -> None:
    bought(office, ("zh-en",))


def test_papers_of_a_gift_are_whole_in_chinese_beside_french(office: Office) -> None:
    given(office, ("zh-fr",))


@pytest.mark.every_way
@pytest.mark.parametrize("pair", PAIRS)
def test_every_paper_is_whole_in_every_pair_of_languages(office: Office, pair: str) -> None:
    bought(office, (pair,))
    given(office, (pair,))


def test_a_joint_declaration_of_masks_that_are_not_medical_is_whole(office: Office) -> None:
    looked_at(office.make(MadePaper.Kind.JOINT, office.for_offices(), tongues="zh-en"))


def test_both_languages_of_a_paper_have_the_same_blocks(office: Office) -> None:
    shipment = office.bought(containers=["CSQU3054383"], seals=["S-1"])
    order = office.order_of(shipment)
    for kind in (MadePaper.Kind.INVOICE, MadePaper.Kind.PACKING, MadePaper.Kind.EXPORTER):
        first, second = office.make(kind, shipment, order).print.words["tongues"]
        assert shapes(first.get("blocks")) == shapes(second.get("blocks")), kind

"""Papers are PDF/A, hold Chinese and Latin, run nothing, and can be known again."""

from io import BytesIO

import pikepdf
import pytest
import typst

from tests.workflow.conftest import AT
from workflow import papers

LETTER = {
    "language": "zh",
    "sender": "City of Burnaby · 本拿比市",
    "recipient": ["中山市外事办公室", "Zhongshan Foreign Affairs Office"],
    "day": "2020年4月16日",
    "reference": "IQ-2020-0001",
    "subject": "请问贵市能否协助寻找防护物资？",
    "paragraphs": ["尊敬的先生：", "We need 50,000 masks.\nThank you.", '#panic("run") $x$ *bold* \\ @ref'],
    "sender_lines": ["Burnaby"],
    "note": "Twinlane",
}


def test_a_letter_is_an_archivable_pdf_with_its_fonts_inside():
    paper = papers.make("letter", LETTER, at=AT)
    with pikepdf.open(BytesIO(paper.pdf)) as pdf:
        with pdf.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
            assert facts["dc:title"] == LETTER["subject"]
        fonts = {str(font["/BaseFont"]) for font in pdf.pages[0].resources["/Font"].values()}
    assert fonts
    assert all("NotoSansSC" in font for font in fonts)


def test_the_same_letter_has_the_same_hash_and_another_word_another_one():
    first = papers.make("letter", LETTER, at=AT)
    assert papers.make("letter", LETTER, at=AT) == first
    assert papers.make("letter", LETTER | {"note": "Another"}, at=AT).sha256 != first.sha256


def test_a_template_that_is_wrong_is_an_error_and_not_a_blank_page():
    with pytest.raises(typst.TypstError):
        papers.make("letter", {"language": "en"}, at=AT)

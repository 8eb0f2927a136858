"""Papers are PDF/A, hold Chinese and Latin, run nothing, and can be known again."""

from io import BytesIO

import pikepdf
import pytest
import typst

from tests.workflow.conftest import AT
from workflow import papers

TONGUE = {
    "language": "zh",
    "sender": "本拿比市政府",
    "place": "加拿大不列颠哥伦比亚省",
    "recipient": ["中山市外事办公室", "Zhongshan Foreign Affairs Office"],
    "day": "2020年4月16日",
    "number": "IQ-2020-0001号",
    "subject": "请问贵市能否协助寻找防护物资？",
    "paragraphs": ["尊敬的先生：", "We need 50,000 masks.\nThank you.", '#panic("run") $x$ *bold* \\ @ref'],
    "scan": "请扫码",
    "draft": "草稿",
    "note": "Twinlane",
}
LETTER = {
    "reference": "IQ-2020-0001",
    "url": "",
    "qr": "",
    "fingerprint": "",
    "tongues": [TONGUE, TONGUE | {"language": "en", "sender": "City of Burnaby"}],
}


def test_a_letter_is_an_archivable_pdf_with_its_fonts_inside():
    paper = papers.make("letter", LETTER, at=AT)
    with pikepdf.open(BytesIO(paper.pdf)) as pdf:
        with pdf.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
            assert facts["dc:title"] == TONGUE["subject"]
        fonts = {str(font["/BaseFont"]) for font in pdf.pages[0].resources["/Font"].values()}
    assert fonts
    assert all("NotoSansSC" in font for font in fonts)


def test_the_same_letter_has_the_same_hash_and_another_word_another_one():
    first = papers.make("letter", LETTER, at=AT)
    assert papers.make("letter", LETTER, at=AT) == first
    assert papers.make("letter", LETTER | {"reference": "Another"}, at=AT).sha256 != first.sha256


def test_a_template_that_is_wrong_is_an_error_and_not_a_blank_page():
    with pytest.raises(typst.TypstError):
        papers.make("letter", {"tongues": []}, at=AT)

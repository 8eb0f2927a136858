"""Generated documents: PDF/A with embedded fonts, in Chinese and Latin script, with a stable hash.

The text of a document runs no code.
"""

from io import BytesIO

import pikepdf
import pytest
import typst
from django.conf import settings

from tests.workflow.conftest import AT
from workflow.errors import Refused
from workflow.pdf import rendering
from workflow.pdf.rendering import _printable
from workflow.pdf.typefaces import _characters_of, missing_glyph, printable_text, supported_characters

IN_CHINESE = {
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
    "form": "",
    "form_qr": "",
    "languages": [IN_CHINESE, IN_CHINESE | {"language": "en", "sender": "City of Burnaby"}],
}


def test_letter_is_pdf_a_with_embedded_fonts():
    paper = rendering.render("letter", LETTER, at=AT)
    with pikepdf.open(BytesIO(paper.pdf)) as pdf:
        with pdf.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
            assert facts["dc:title"] == IN_CHINESE["subject"]
        fonts = {str(font["/BaseFont"]) for font in pdf.pages[0].resources["/Font"].values()}
    assert fonts
    assert all("NotoSansSC" in font for font in fonts)


def test_same_letter_has_the_same_hash_and_a_changed_one_another():
    first = rendering.render("letter", LETTER, at=AT)
    assert rendering.render("letter", LETTER, at=AT) == first
    assert rendering.render("letter", LETTER | {"reference": "Another"}, at=AT).sha256 != first.sha256


def test_invalid_template_data_raises_an_error():
    with pytest.raises(typst.TypstError):
        rendering.render("letter", {"languages": []}, at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "안녕하세요 김민준",
        "カタカナ ひらがな 髙橋 﨑 々〆ー",
        "龘 堃 喆 〇 ㊣ ① ℃",
        "Nguyễn Văn Ấn, Kovács Őrség, Łódź, Ğ ß œ, Ελληνικά, Привет",
        "Thank you 😀 👍🏽 👩‍👩‍👧",
        "a\x00b\x07c\u200bd\u202ee\ufefff\u2028g\x0bh\x0ci\ud83dj\ufffek\uffffl",
        "#panic() $x$ *b* _c_ @ref <label> \\ `x` ] [ /* // ~ -- =",
        "https://example.org/" + "x" * 400,
        "",
    ],
)
def test_text_within_the_fonts_characters_is_printed(text):
    data = LETTER | {
        "languages": [IN_CHINESE | {"subject": text[:80], "sender": text[:40], "paragraphs": [text]}]
    }
    with (
        pikepdf.open(BytesIO(rendering.render("letter", data, at=AT).pdf)) as pdf,
        pdf.open_metadata() as facts,
    ):
        assert facts["pdfaid:part"] == "2"


def test_word_longer_than_a_line_is_broken():
    def pages(word):
        data = LETTER | {"languages": [IN_CHINESE | {"paragraphs": [word]}]}
        with pikepdf.open(BytesIO(rendering.render("letter", data, at=AT).pdf)) as pdf:
            return len(pdf.pages)

    assert pages("x" * 200) == 1
    assert pages("x" * 9000) > 1


@pytest.mark.parametrize(
    ("text", "sign", "code"),
    [
        ("江苏𠮷祥医疗器械有限公司", "𠮷", "U+20BB7"),
        ("王𪚥 Trading", "𪚥", "U+2A6A5"),
        ("Thank you, مرحبا", "م", "U+0645"),
        ("ติดต่อ", "ต", "U+0E15"),
    ],
)
@pytest.mark.parametrize("where", ["subject", "paragraphs", "recipient"])
def test_unprintable_character_is_refused_naming_character_text_and_field(text, sign, code, where):
    value = text if where == "subject" else [text, "second", "third"]
    data = LETTER | {"languages": [IN_CHINESE | {where: value}]}
    with pytest.raises(Refused) as no:
        rendering.render("letter", data, at=AT)
    assert no.value.code == "not_printable"
    told = str(no.value)
    for named in (sign, code, text, where):
        assert named in told, named


def test_unprintable_character_in_a_pair_is_named_by_its_label():
    rows = {"facts": [["Seller", "王𠮷"], ["City", "Guangzhou"]]}
    with pytest.raises(Refused) as no:
        rendering.render("letter", LETTER | rows, at=AT)
    assert "(Seller)" in str(no.value)


def test_invisible_characters_are_removed_before_printing():
    assert printable_text("王\u0000伟\u200b Ő 김") == "王伟 Ő 김"
    assert missing_glyph("王\u0000伟\u200b Ő 김") == ""
    assert printable_text("line\nand\ttab") == "line\nand\ttab"
    assert {ord("王"), ord("김"), ord("ứ"), ord("ж"), ord("😀")} <= supported_characters()


def test_every_document_template_uses_all_fonts():
    templates = sorted((settings.BASE_DIR / rendering.TEMPLATE_FOLDER).glob("*.typ"))
    assert templates
    for template in templates:
        text = template.read_text(encoding="utf-8")
        assert "sys.inputs.faces" in text or "#set text(" not in text, template.name


def test_font_without_a_character_table_has_no_characters():
    """The font has only a header and one other table."""
    assert _characters_of(b"\0\1\0\0\0\1" + bytes(6) + b"glyf" + bytes(12)) == set()


def test_printable_data_may_contain_nested_lists():
    assert _printable({"lines": ["masks", ("10", 5)]}) == {"lines": ["masks", ["10", 5]]}

"""Parsers of uploaded pictures, PDFs and tables: what they keep, remove or refuse, as functions and as processes."""

import io
import json
import random
import resource
import runpy
import subprocess
import sys
import zipfile
from datetime import datetime

import pikepdf
import pytest
from PIL import Image

from tests.workflow import files
from tests.workflow.files import hostile_pdf, photo_with_location
from workflow import csv_safety
from workflow.sandbox import pdf, picture, table
from workflow.sandbox.limits import ParserRefused, print_answer
from workflow.sandbox.pdf import all_dictionaries, clean_pdf, remove_harmful
from workflow.sandbox.picture import clean_picture
from workflow.sandbox.table import _from_csv, _plain, _sheet_xml, read_table
from workflow.uploads.sandbox_client import run_parser


@pytest.fixture
def open_bytes(tmp_path):
    """Return a function that opens bytes; it returns the answer and the content of the target."""

    def opened(opener, data):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(data)
        target.unlink(missing_ok=True)
        answer = print_answer(opener, str(source), str(target))
        return answer, target.read_bytes() if target.exists() else b""

    return opened


class TestPictures:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_image_is_re_encoded_in_its_own_format(self, open_bytes, kind):
        answer, left = open_bytes(clean_picture, files.picture(kind))
        assert answer == {"ok": True, "width": 40, "height": 30}
        assert Image.open(io.BytesIO(left)).format == kind

    def test_location_metadata_is_removed_and_the_photo_turned_upright(self, open_bytes):
        answer, left = open_bytes(clean_picture, photo_with_location())
        assert answer == {"ok": True, "width": 30, "height": 40}
        with Image.open(io.BytesIO(left)) as bare:
            assert not bare.getexif()
            assert "comment" not in bare.info
        assert b"Secret" not in left
        assert b"script" not in left

    @pytest.mark.parametrize(
        ("kind", "mode", "after"),
        [
            ("PNG", "RGBA", "RGBA"),
            ("PNG", "LA", "LA"),
            ("PNG", "P", "RGB"),
            ("JPEG", "CMYK", "RGB"),
            ("JPEG", "L", "L"),
        ],
    )
    def test_palette_and_cmyk_become_rgb_and_other_colour_modes_are_kept(self, open_bytes, kind, mode, after):
        _answer, left = open_bytes(clean_picture, files.picture(kind, mode=mode))
        assert Image.open(io.BytesIO(left)).mode == after

    def test_transparent_palette_image_stays_transparent(self, open_bytes):
        _answer, left = open_bytes(clean_picture, files.picture("PNG", mode="P", transparency=0))
        assert Image.open(io.BytesIO(left)).mode == "RGBA"

    def test_first_frame_of_an_animation_is_kept(self, open_bytes):
        more = [Image.new("RGB", (40, 30), "red")]
        _answer, left = open_bytes(clean_picture, files.picture("WEBP", save_all=True, append_images=more))
        assert getattr(Image.open(io.BytesIO(left)), "n_frames", 1) == 1

    def test_jpeg_with_an_embedded_second_image_becomes_a_plain_jpeg(self, open_bytes):
        more = [Image.new("RGB", (8, 6), "red")]
        answer, left = open_bytes(clean_picture, files.picture("MPO", save_all=True, append_images=more))
        assert (answer["width"], answer["height"]) == (40, 30)
        with Image.open(io.BytesIO(left)) as bare:
            assert (bare.format, getattr(bare, "n_frames", 1)) == ("JPEG", 1)

    def test_image_above_40_megapixels_is_refused_before_decoding(self, open_bytes):
        answer, left = open_bytes(clean_picture, files.picture("PNG", size=(40_001, 1000), mode="1"))
        assert (answer, left) == ({"refused": "too_many_pixels"}, b"")

    @pytest.mark.parametrize(
        "data",
        [b"", b"\xff\xd8\xff\xe0 nothing", files.picture("JPEG")[:200], files.picture("BMP")],
        ids=["empty", "cut after its mark", "cut short", "another kind"],
    )
    def test_broken_or_unsupported_image_is_unreadable(self, open_bytes, data):
        answer, _left = open_bytes(clean_picture, data)
        assert answer["refused"] == "unreadable"


class TestPdfs:
    def test_harmless_pdf_keeps_its_pages(self, open_bytes):
        answer, left = open_bytes(clean_pdf, files.pdf(pages=3))
        assert answer == {"ok": True, "pages": 3, "removed": []}
        with pikepdf.open(io.BytesIO(left)) as paper:
            assert len(paper.pages) == 3

    def test_active_content_is_removed_from_a_pdf_and_named(self, open_bytes):
        answer, left = open_bytes(clean_pdf, hostile_pdf())
        assert set(answer["removed"]) >= {"/OpenAction", "/AA", "/EmbeddedFiles", "/Launch", "/Movie"}
        with pikepdf.open(io.BytesIO(left)) as paper:
            text = b"".join(thing.unparse(resolved=True) for thing in paper.objects)
            assert not paper.attachments
        assert b"Secret" not in text
        assert b"Secret" not in left

    def test_pdf_with_a_password_is_refused(self, open_bytes):
        locked = files.pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
        assert open_bytes(clean_pdf, locked)[0] == {"refused": "password"}

    def test_pdf_with_more_than_50_pages_is_refused(self, open_bytes):
        assert open_bytes(clean_pdf, files.pdf(pages=50))[0]["pages"] == 50
        assert open_bytes(clean_pdf, files.pdf(pages=51))[0] == {"refused": "too_many_pages"}

    def test_pdf_without_pages_is_unreadable(self, open_bytes):
        assert open_bytes(clean_pdf, files.pdf(pages=0))[0] == {"refused": "unreadable"}

    def test_broken_pdf_is_unreadable(self, open_bytes):
        assert open_bytes(clean_pdf, b"%PDF-1.7\nnonsense")[0]["refused"] == "unreadable"

    def test_script_in_a_deeply_nested_pdf_object_is_removed(self, open_bytes):
        paper = pikepdf.new()
        paper.add_blank_page()
        nest = pikepdf.Dictionary(JS="SecretDeep")
        for _ in range(80):
            nest = pikepdf.Array([nest])
        paper.Root.Deep = nest
        out = io.BytesIO()
        paper.save(out)
        answer, _left = open_bytes(clean_pdf, out.getvalue())
        assert answer["removed"] == ["/JS"]

    def test_pdf_nested_beyond_the_limit_is_unreadable(self, open_bytes):
        paper = pikepdf.new()
        paper.add_blank_page()
        nest = pikepdf.Array([])
        for _ in range(pdf.MAX_DEPTH + 1):
            nest = pikepdf.Array([nest])
        paper.Root.Deep = nest
        with pytest.raises(ParserRefused, match="unreadable"):
            list(all_dictionaries(paper))

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://a.example", ""])
    def test_pdf_link_to_an_unsafe_address_is_removed(self, address):
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address)
        assert remove_harmful(link) == {"/URI"}
        assert list(link.keys()) == []

    @pytest.mark.parametrize(
        "address", ["https://nmpa.gov.cn/", "HTTP://a.example", "mailto:sales@a.example"]
    )
    def test_pdf_link_to_a_web_or_mail_address_is_kept(self, open_bytes, address):
        paper = pikepdf.new()
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=address)
        paper.add_blank_page().Annots = [
            pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)
        ]
        out = io.BytesIO()
        paper.save(out)
        answer, left = open_bytes(clean_pdf, out.getvalue())
        assert answer["removed"] == []
        assert address.encode() in left


class TestTables:
    def rows(self, open_bytes, data):
        answer, left = open_bytes(read_table, data)
        assert answer["ok"], answer
        return json.loads(left)

    def test_workbook_yields_the_values_of_its_first_sheet(self, open_bytes):
        rows = [["name", "pieces"], ["口罩", 50000], ["half", 0.5], [True, ""]]
        assert self.rows(open_bytes, files.xlsx(rows)) == rows

    def test_csv_is_read_with_its_separator_and_cells_stay_text(self, open_bytes):
        assert self.rows(open_bytes, b"a;b\n1;=2\n") == [["a", "b"], ["1", "=2"]]
        assert self.rows(open_bytes, b'a,b\n"x, y",2\n') == [["a", "b"], ["x, y", "2"]]
        assert self.rows(open_bytes, b"a\tb\n") == [["a", "b"]]

    def test_chinese_and_unicode_encodings_are_recognized(self, open_bytes):
        assert self.rows(open_bytes, "\ufeff城市,数量\n".encode()) == [["城市", "数量"]]
        assert self.rows(open_bytes, "城市,数量\n".encode("gb18030")) == [["城市", "数量"]]
        assert self.rows(open_bytes, "城市\t数量\n".encode("utf-16")) == [["城市", "数量"]]

    def test_western_encoding_is_refused_instead_of_read_as_chinese(self, open_bytes):
        answer, _left = open_bytes(read_table, "ville\nMontréal\n".encode("cp1252"))
        assert answer == {"refused": "unreadable", "error": "UnicodeError"}

    def test_workbook_dates_are_read_as_iso_dates(self, open_bytes):
        def write(book, sheet):
            sheet.write_datetime(0, 0, datetime(2011, 4, 18), book.add_format({"num_format": "yyyy-mm-dd"}))
            sheet.write_datetime(
                0, 1, datetime(2011, 4, 18, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            )

        assert self.rows(open_bytes, files.workbook(write)) == [["2011-04-18", "2011-04-18 09:30:00"]]

    def test_formula_without_a_result_is_marked(self, open_bytes):
        def write(_book, sheet):
            sheet.write_row(0, 0, ["a", "b", "c", "d"])
            sheet.write_formula(1, 0, "=1+1", None, 2)
            sheet.write_formula(1, 1, "=1+1", None, "")
            sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
            sheet.write_formula(40, 40, "=1+1", None, "")  # beyond all cells with content

        assert self.rows(open_bytes, files.workbook(write))[1][:4] == [
            2,
            csv_safety.UNCALCULATED_FORMULA_MARK,
            csv_safety.UNCALCULATED_FORMULA_MARK,
            "",
        ]

    def test_infinite_and_undefined_numbers_are_marked(self, open_bytes):
        def write(_book, sheet):
            sheet.write_row(0, 0, ["a", 1e300])

        assert self.rows(open_bytes, files.workbook(write))[0] == ["a", int(1e300)]
        assert _plain(float("inf")) == _plain(float("nan")) == csv_safety.UNCALCULATED_FORMULA_MARK

    def test_merged_cells_are_marked(self, open_bytes):
        def write(_book, sheet):
            sheet.write_row(0, 0, ["a", "b", "c"])
            sheet.merge_range(1, 0, 2, 1, "x")
            sheet.merge_range(1, 2, 2, 2, "")
            sheet.write(3, 0, "y")

        rows = self.rows(open_bytes, files.workbook(write))
        assert rows[1:] == [
            ["x", csv_safety.MERGED_CELL_MARK, ""],
            [csv_safety.MERGED_CELL_MARK, csv_safety.MERGED_CELL_MARK, ""],
            ["y", "", ""],
        ]

    @pytest.mark.parametrize(
        "data",
        [b"a\0b", b"\xff\xfe\xff,\x81", b'a,"b\n', "a\0b".encode("utf-16")],
        ids=["a zero byte", "no encoding", "an open quotation", "a zero in wide letters"],
    )
    def test_binary_or_broken_text_is_unreadable(self, open_bytes, data):
        assert open_bytes(read_table, data)[0]["refused"] == "unreadable"

    def test_overlong_cell_is_refused(self, open_bytes):
        answer, _left = open_bytes(read_table, b'a,"' + b"x" * 200_000 + b'"\n')
        assert "refused" in answer

    def test_empty_workbook_has_no_rows(self, open_bytes):
        assert self.rows(open_bytes, files.xlsx([])) == []

    def test_table_with_too_many_rows_or_columns_is_refused(self, open_bytes):
        assert open_bytes(read_table, b"a\n" * 50_001)[0] == {"refused": "too_many_rows"}
        assert open_bytes(read_table, b"a," * 201)[0] == {"refused": "too_many_rows"}
        assert open_bytes(read_table, files.xlsx([["a"] * 201]))[0] == {"refused": "too_many_rows"}

    @pytest.mark.parametrize(
        ("entry", "code"),
        [
            ("xl__vbaProject.bin", "macros"),
            ("xl__macrosheets__sheet1.xml", "macros"),
            ("xl__activeX__a.xml", "macros"),
            ("xl__externalLinks__link1.xml", "outside_links"),
            ("xl__embeddings__book.bin", "outside_links"),
        ],
    )
    def test_archive_with_macros_or_external_links_is_refused(self, open_bytes, entry, code):
        assert open_bytes(read_table, files.archive(**{entry: b"x"}))[0] == {"refused": code}

    def test_zip_bomb_is_refused(self, open_bytes):
        assert open_bytes(read_table, files.archive(a=bytes(5_000_000)))[0] == {"refused": "too_large_inside"}

    def test_macro_enabled_workbook_is_refused(self, open_bytes):
        entry = {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}
        assert open_bytes(read_table, files.archive(**entry))[0] == {"refused": "macros"}

    def test_oversized_content_types_file_is_refused(self, open_bytes):
        entries = {"[Content_Types].xml": b"spreadsheetml" + random.Random(1).randbytes(1_100_000)}
        assert open_bytes(read_table, files.archive(**entries))[0] == {"refused": "unreadable"}

    def test_archive_that_is_no_workbook_is_unreadable(self, open_bytes):
        assert open_bytes(read_table, files.archive(a=b"x"))[0]["refused"] == "unreadable"


class TestProcesses:
    def test_parser_out_of_memory_is_a_refusal(self, open_bytes):
        def greedy(source, target):
            raise MemoryError

        assert open_bytes(greedy, b"")[0] == {"refused": "too_large_inside"}

    @pytest.mark.parametrize(
        ("module", "data"),
        [("picture", files.picture()), ("pdf", files.pdf()), ("table", b"a,b\n")],
        ids=["picture", "pdf", "table"],
    )
    def test_each_parser_runs_in_its_own_process(self, tmp_path, module, data):
        (tmp_path / "in").write_bytes(data)
        assert run_parser(module, tmp_path / "in", tmp_path / "out")["ok"]
        assert (tmp_path / "out").stat().st_size > 0

    def test_parser_that_cannot_start_is_a_refusal(self, tmp_path):
        assert run_parser("nothing", tmp_path / "in", tmp_path / "out") == {"refused": "unreadable"}

    @pytest.mark.parametrize(
        ("module", "data"),
        [(picture, files.picture()), (pdf, files.pdf()), (table, b"a,b\n")],
        ids=["picture", "pdf", "table"],
    )
    def test_each_parser_process_limits_its_resources(self, tmp_path, monkeypatch, capsys, module, data):
        given_up = {}
        monkeypatch.setattr(
            resource, "setrlimit", given_up.__setitem__
        )  # else the limits would stay on this process
        (tmp_path / "in").write_bytes(data)
        monkeypatch.setattr(sys, "argv", ["opener", str(tmp_path / "in"), str(tmp_path / "out")])
        runpy.run_path(module.__file__, run_name="__main__")
        assert json.loads(capsys.readouterr().out)["ok"]
        assert given_up[resource.RLIMIT_CPU] == (20, 20)
        assert len(given_up) == 5

    def test_parser_process_runs_under_its_memory_limit(self, tmp_path):
        line = (
            "import resource; from workflow.sandbox import limits; limits.apply_limits();"
            "assert resource.getrlimit(resource.RLIMIT_AS)[1] == limits.MAX_MEMORY_BYTES; bytearray(2 * limits.MAX_MEMORY_BYTES)"
        )
        done = subprocess.run([sys.executable, "-c", line], capture_output=True, check=False)
        assert b"MemoryError" in done.stderr


def test_csv_separator_declared_in_first_line_is_used(tmp_path):
    source = tmp_path / "list.csv"
    source.write_text("sep=;\ncity;country\nBurnaby, BC;CA\n", encoding="utf-8")
    assert _from_csv(source) == [["city", "country"], ["Burnaby, BC", "CA"]]


def test_archive_without_a_sheet_yields_nothing():
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        assert _sheet_xml(archive, 0) == b""

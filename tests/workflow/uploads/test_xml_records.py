"""XML uploads: parsed into plain trees, or refused in plain words.

Refused are hostile entities, deep nesting and other encodings.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from workflow.errors import Refused
from workflow.sandbox import xml_records
from workflow.sandbox.limits import print_answer
from workflow.sandbox.xml_records import read_xml_records
from workflow.uploads.parsers import read_records

LAUGHS = """<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><l><ENTITY>&c;</ENTITY></l>"""
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l><ENTITY>&x;</ENTITY></l>'
FAR_DTD = '<!doctype l SYSTEM "http://127.0.0.1:1/x.dtd"><l><ENTITY>x</ENTITY></l>'
DEEP = "<l>" + "<a>" * 40 + "</a>" * 40 + "</l>"
PLAIN = "<l a='1'><n:ENTITY xmlns:n='urn:x' n:k='v'> <!-- no --> <B> b </B><?php no?><C><B>c</B></C></n:ENTITY><Z>z</Z></l>"
# hostile or broken content, with a word of the refusal
HOSTILE = {
    "a billion laughs": (LAUGHS, "<!DOCTYPE>"),
    "an entity from outside": (OUTSIDE, "<!DOCTYPE>"),
    "a document type from far away": (FAR_DTD, "<!DOCTYPE>"),
    "a document type late in the file": ("<l>" + " " * (1024 * 1024 - 5) + "<!DOCTYPE l>x</l>", "<!DOCTYPE>"),
    "huge depth": (DEEP, "too deep"),
    "utf-16 with a mark": (PLAIN.encode("utf-16"), "UTF-8"),
    "utf-16 without one": (PLAIN.encode("utf-16-be"), "UTF-8"),
    "utf-16 the other way": (PLAIN.encode("utf-16-le"), "UTF-8"),
    "latin letters": ("<l><ENTITY>é</ENTITY></l>".encode("latin-1"), "UTF-8"),
    "another encoding that is declared": ('<?xml version="1.0" encoding="utf-7"?><l/>', "UTF-8"),
    "cut off": ("<l><ENTITY>x</ENT", "well-formed"),
    "an entity no one declared": ("<l><ENTITY>&x;</ENTITY></l>", "well-formed"),
    "two outermost elements": ("<l/><l/>", "well-formed"),
    "nothing": ("", "well-formed"),
    "no xml": ("Name\nKanghu\n", "well-formed"),
    "a character of number 0": ("<l>\0</l>", "well-formed"),
}


def file(content, name="list.xml"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.fixture
def open_xml(tmp_path):
    def opened(content, *names):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        return print_answer(read_xml_records, str(source), str(target), *(names or ("ENTITY",)))

    return opened


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_or_broken_xml_is_refused_with_a_reason(open_xml, what, monkeypatch, settings, tmp_path):
    """The opener runs as a function here; the next test runs its process."""
    settings.MEDIA_ROOT = tmp_path
    content, word = HOSTILE[what]
    answer = open_xml(content)
    assert "refused" in answer
    monkeypatch.setattr("workflow.uploads.parsers.run_parser", lambda *_told: answer)
    with pytest.raises(Refused) as caught:
        read_records(file(content), "ENTITY")
    assert word in str(caught.value.message)
    assert not list(tmp_path.glob("??/*"))  # no part is stored


@pytest.mark.parametrize(
    "what", ["a billion laughs", "an entity from outside", "utf-16 with a mark", "huge depth"]
)
def test_xml_parser_process_refuses_hostile_input(what, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content, word = HOSTILE[what]
    with pytest.raises(Refused) as caught:
        read_records(file(content), "ENTITY")
    assert word in str(caught.value.message)


def test_xml_records_become_plain_trees_without_namespaces(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    found = read_records(file(PLAIN), "ENTITY")
    assert found.root == "l"
    assert found.records == [
        ["ENTITY", {"k": "v"}, "", [["B", {}, "b", []], ["C", {}, "", [["B", {}, "c", []]]]]]
    ]


def test_nested_xml_records_stay_inside_their_parent(open_xml, tmp_path):
    assert open_xml("<l><ENTITY><ENTITY/></ENTITY><ENTITY/></l>") == {"ok": True, "rows": 2}


def test_too_many_xml_records_or_too_large_files_are_refused(open_xml, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(xml_records, "MAX_RECORDS", 1)
    assert open_xml("<l><ENTITY/><ENTITY/></l>") == {"refused": "too_many_rows"}
    monkeypatch.setattr("workflow.uploads.parsers.MAX_XML_BYTES", 3)
    with pytest.raises(Refused) as caught:
        read_records(file(PLAIN), "ENTITY")
    assert caught.value.code == "file_too_large"


def test_xml_refusal_without_its_own_text_has_a_general_one(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("workflow.uploads.parsers.run_parser", lambda *_told: {"refused": "too_many_rows"})
    with pytest.raises(Refused) as caught:
        read_records(file(PLAIN), "ENTITY")
    assert "50,000" in str(caught.value.message)

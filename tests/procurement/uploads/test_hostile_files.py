"""Tests of hostile files at every upload point: none is kept under a false type, and none makes the service fail.

Each upload point gets one file for each parser (picture, PDF, table). In `make test-all` it gets the whole corpus,
which tests/workflow/uploads reads in every run.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.register_import.models import Import
from procurement.sanctions.models import Watchlist
from procurement.tracking.models import TrackingBatch
from tests.lanes import FULL
from tests.procurement.uploads.upload_points import (
    EVENTS,
    EVIDENCE,
    LABEL,
    MODULES,
    SHIPMENT,
    TABLE,
    UPLOAD_POINTS,
    without_hourly_limit,
)
from tests.workflow import files
from tests.workflow.uploads.hostile.corpus import corpus
from tests.workflow.uploads.hostile.hostile_file import SECRET
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache, create_instance
from workflow.uploads.models import File
from workflow.uploads.storage import stored_path

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
CORPUS = list(corpus())
# What each parser has to refuse or to clean: a picture that is an archive as well, a PDF with a script in a compressed
# object, and a table that expands to an enormous size.
REPRESENTATIVE = {"archive behind.jpg", "script in packed objects.pdf", "bursts.xlsx"}
FILES_TO_TRY = [one for one in CORPUS if FULL or one[1].name in REPRESENTATIVE]
ACCEPTED_OPENERS = {EVIDENCE: {"picture", "pdf"}, TABLE: {"table"}, EVENTS: set(), LABEL: set()}
LIST = b"City A,Country A,City B,Country B,Kind,Name\nBurnaby,CA,Zhongshan,CN,sister,Somebody Trading\n"
EVENT_FILE = f"shipment,code,occurred_at\n{SHIPMENT},picked_up,{AT:%Y-%m-%d %H:%M}\n".encode()
VALID_FILES = {
    EVIDENCE: ("photo.jpg", files.picture()),
    TABLE: ("list.csv", LIST),
    EVENTS: ("events.csv", EVENT_FILE),
    LABEL: ("photo.jpg", files.picture()),
}
NAMES = (
    "../../../etc/passwd.jpg",
    "..\\..\\autoexec.bat.jpg",
    "photo\u202egpj.exe",
    "pho\0to.jpg",
    'photo"; filename="x.html',
    "photo\r\nSet-Cookie: a=b\r\n\r\n.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "文件" * 150 + ".jpg",
    "CON.jpg",
    ".jpg",
    " . ",
)  # fmt: skip


@pytest.fixture
def story(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clear_instance_cache()
    create_instance("practice", AT)
    yield Journey()
    clear_instance_cache()


def stored_object_count() -> int:
    """Return the number of objects that the uploads created."""
    kept = File.objects.filter(status=File.Status.CLEAN).count()
    return kept + sum(model.objects.count() for model in (Import, Watchlist, TrackingBatch))


@pytest.mark.parametrize("door", UPLOAD_POINTS)
def test_hostile_file_is_refused_or_made_harmless_at_every_upload(story, door):
    takes, opened = UPLOAD_POINTS[door]
    send = without_hourly_limit(opened(story))
    for opener, file in FILES_TO_TRY:
        known, before = set(File.objects.values_list("pk", flat=True)), stored_object_count()
        answer = send(SimpleUploadedFile(file.name, file.data, "image/jpeg"))
        assert answer.status_code in {200, 201, 303, 400, 413, 415, 422}, (file.name, answer.status_code)
        kept = File.objects.exclude(pk__in=known).filter(status=File.Status.CLEAN)
        may = file.passes and opener in ACCEPTED_OPENERS[takes]
        assert may or stored_object_count() == before, file.name
        for one in kept:
            assert SECRET not in stored_path(one.stored).read_bytes(), file.name
    name, data = VALID_FILES[takes]
    before, answer = stored_object_count(), send(SimpleUploadedFile(name, data, "image/jpeg"))
    assert answer.status_code in ({422} if takes == LABEL else {200, 201, 303})  # a picture without a label
    assert stored_object_count() == before + (takes != LABEL)


@pytest.mark.parametrize(
    "door", [name for name, (takes, _door) in UPLOAD_POINTS.items() if takes == EVIDENCE]
)
def test_unsafe_file_name_has_no_effect_at_any_upload(story, door):
    send = without_hourly_limit(UPLOAD_POINTS[door][1](story))
    for name in NAMES:
        File.objects.all().delete()
        answer = send(SimpleUploadedFile(name, files.picture(), "image/jpeg"))
        assert answer.status_code in {200, 201, 303, 400, 422}, name
        for kept in File.objects.filter(status=File.Status.CLEAN):
            assert re.fullmatch(r"[^/\\\x00-\x1f\u202a-\u202e]{1,200}\.jpg", kept.name), kept.name
            assert (
                stored_path(kept.stored).resolve().is_relative_to(Path(django_settings.MEDIA_ROOT).resolve())
            )


def test_every_file_parser_has_a_representative_hostile_file():
    assert {opener for opener, file in CORPUS if file.name in REPRESENTATIVE} == {
        one for one, _file in CORPUS
    }


def test_every_module_that_takes_a_file_is_in_the_upload_tests():
    root = Path(django_settings.BASE_DIR)
    rooms = [path for room in ("accounts", "partners", "procurement") for path in (root / room).rglob("*.py")]
    taking = {
        path.relative_to(root).as_posix()
        for path in rooms
        if not {"forms", "forms.py"} & set(path.parts)  # the view that uses the field takes the file
        and re.search(r"request\.FILES|\bFileField\(", path.read_text())
    } - {
        "procurement/practice/styleguide.py",  # shows a field, but takes no file
    }
    assert taking == set(MODULES)
    assert set().union(*MODULES.values()) == set(UPLOAD_POINTS)

"""The first start of a practice instance: interrupted and repeated, without a reader of its output, and on a real site."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from procurement.management import demo_access
from procurement.management.commands.demo_up import Command
from procurement.management.scenario import people, timeline
from procurement.management.scenario.people import add_contacts
from procurement.management.scenario.state import vancouver_time
from workflow import clock
from workflow.clock import create_instance
from workflow.errors import Refused
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


class KilledDuringStart(BaseException):
    """A kill during the start, which the program cannot catch."""


@pytest.mark.every_way
def test_interrupted_first_start_leaves_nothing_and_next_start_completes(settings, tmp_path, monkeypatch):
    def cut(stage):
        raise KilledDuringStart

    story = [
        ("2020-03-23 09:00", "One enters", (people.appoint_staff,)),
        ("2020-03-23 11:00", "Contacts are named", (add_contacts,)),
    ]
    settings.DATA_DIR = tmp_path
    prepare = Command(stdout=StringIO())
    monkeypatch.setattr(timeline, "TIMELINE", [*story, ("2020-03-23 12:00", "The power fails", (cut,))])
    with pytest.raises(KilledDuringStart):
        prepare.fill_practice_site()
    assert not timeline.is_played()
    assert not Entry.objects.exists()
    monkeypatch.setattr(timeline, "TIMELINE", story)
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        prepare.fill_practice_site()
        assert timeline.is_played()
        assert timedelta() <= clock.now() - vancouver_time("2020-04-16 09:00") < timedelta(minutes=5)
        entries = Entry.objects.count()
        prepare.fill_practice_site()
    assert Entry.objects.count() == entries


def test_demo_preparation_continues_without_reader_of_output(settings, tmp_path, monkeypatch):
    class Gone(StringIO):
        def write(self, words):
            raise BrokenPipeError

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(timeline, "TIMELINE", [("2020-03-23 09:00", "One enters", (people.appoint_staff,))])
    Command(stdout=Gone()).fill_practice_site()
    assert timeline.is_played()


@pytest.mark.parametrize("text", ["", "[]", '{"roles": [1]}', '{"roles": [{"role": "officer"}]}'])
def test_demo_credentials_file_with_invalid_content_counts_as_empty(tmp_path, text):
    target = tmp_path / "demo.json"
    target.write_text(text)
    assert demo_access.read_credentials(target) == []


@pytest.mark.parametrize("command", ["play_scenario", "demo_links"])
def test_real_site_refuses_practice_scenario_and_demo_links(command):
    create_instance("real")
    with pytest.raises(CommandError):
        call_command(command)
    with pytest.raises(Refused):
        timeline.play_scenario(lambda line: None)

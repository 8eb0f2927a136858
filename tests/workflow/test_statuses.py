"""Statuses name their group and are otherwise Django's text choices."""

import pytest
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from workflow.statuses import StatusChoices, StatusGroup


class Status(StatusChoices):
    OPEN = "open", StatusGroup.OPEN, _("Open")
    ANSWERED = "answered", StatusGroup.OPEN, pgettext_lazy("a case", "Answered")
    SETTLED = "settled", StatusGroup.DONE, pgettext_lazy("a case", "Settled")
    DISCARDED = "discarded", StatusGroup.VOID, pgettext_lazy("a case", "Dropped")


class Plain(models.TextChoices):
    OPEN = "open", _("Open")
    ANSWERED = "answered", pgettext_lazy("a case", "Answered")
    SETTLED = "settled", pgettext_lazy("a case", "Settled")
    DISCARDED = "discarded", pgettext_lazy("a case", "Dropped")


def test_status_groups_are_read_from_the_class():
    assert Status.open == {"open", "answered"}
    assert Status.done == {"settled"}
    assert Status.void == {"discarded"}
    assert Status.settled == {"settled", "discarded"}


def test_status_has_its_group_open_done_or_void():
    assert [one.group.value for one in Status] == ["open", "open", "done", "void"]
    assert [one for one in Status if one.is_open] == [Status.OPEN, Status.ANSWERED]
    assert Status("answered").is_open


def test_stored_status_is_plain_text_and_found_in_its_group():
    assert "answered" in Status.open
    assert "answered" not in Status.settled
    assert Status.SETTLED.value == "settled"
    assert str(Status.SETTLED) == f"{Status.SETTLED}" == "settled"


def test_status_values_labels_and_choices_equal_text_choices():
    assert Status.values == Plain.values
    assert Status.names == Plain.names
    assert Status.choices == Plain.choices
    assert {one.value: one.name for one in Status} == {one.value: one.name for one in Plain}


@pytest.mark.parametrize("language", ["en", "fr", "zh-hans"])
def test_status_labels_are_translated_like_text_choices(language):
    with override(language):
        labels = [str(label) for label in Status.labels]
        assert labels == [str(label) for label in Plain.labels]
        assert len(set(labels)) == 4
    with override("en"):
        assert (labels == [str(label) for label in Status.labels]) is (language == "en")


def test_status_field_is_serialized_in_migrations_like_text_choices():
    fields = [models.CharField(max_length=10, choices=one, default=one.OPEN) for one in (Status, Plain)]
    assert MigrationWriter.serialize(fields[0]) == MigrationWriter.serialize(fields[1])


def test_status_without_a_group_is_refused():
    with pytest.raises(TypeError, match="“draft” names no group"):

        class Labelled(StatusChoices):
            DRAFT = "draft", _("Draft")

    with pytest.raises(TypeError, match="“draft” names no group"):

        class Bare(StatusChoices):
            DRAFT = "draft"


def test_duplicate_status_value_is_refused():
    with pytest.raises(ValueError, match="duplicate"):

        class Twice(StatusChoices):
            DRAFT = "draft", StatusGroup.OPEN, _("Draft")
            SKETCH = "draft", StatusGroup.VOID, _("Draft")

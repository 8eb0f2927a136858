"""Forms that two people have open at once (docs/adr/0093), with switches, grouped choices and amounts."""

import json
from typing import ClassVar

import pytest
from django import forms

from tests.worlds import cities
from workflow.http.edit_forms import READ_VALUES_FIELD, EditForm
from workflow.http.forms import MoneyField

pytestmark = pytest.mark.django_db
READ = {"welcome": True, "size": "s", "price": "1.5"}


class PriceForm(EditForm):
    """A form with a switch and an amount that count as one, and a grouped choice."""

    jointly_compared_fields: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"welcome", "price"}),)
    welcome = forms.BooleanField(required=False)
    size = forms.ChoiceField(choices=[("Sizes", [("s", "Small"), ("l", "Large")]), ("x", "Any")])
    price = MoneyField()


def submitted_form(stored: dict[str, object], read: str = json.dumps(READ), **typed: str) -> PriceForm:
    """Return the form of a person who read `READ`, after other values were stored."""
    form = PriceForm(
        {READ_VALUES_FIELD: read, "welcome": "on", "size": "s", "price": "1.50", **typed},
        initial={**READ, **stored},
    )
    form.thing = cities.city("burnaby")
    return form


def test_fields_changed_only_by_another_person_are_taken_over():
    form = submitted_form({"welcome": False, "price": "2.5"}, size="l")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["welcome"], str(form.cleaned_data["price"]), form.cleaned_data["size"]) == (
        False, "2.5", "l",
    )  # fmt: skip


def test_field_changed_by_two_people_shows_both_values():
    form = submitted_form({"welcome": False, "size": "l"}, price="2", size="x")
    assert not form.is_valid()
    assert form.errors.keys() >= {"welcome", "size"}
    assert (form.conflicts["welcome"].stored, form.conflicts["welcome"].typed) == ("no", "yes")
    assert (form.conflicts["size"].stored, form.conflicts["size"].typed) == ("Large", "Any")


def test_unreadable_typed_value_is_shown_as_typed_in_the_conflict():
    form = submitted_form({"price": "3"}, price="dear")
    assert not form.is_valid()
    assert form.conflicts["price"].typed == "dear"


def test_form_without_the_version_read_is_saved_as_sent():
    for read in ("{no json", "[]", ""):
        form = submitted_form({"size": "l"}, read=read, size="x")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["size"] == "x"

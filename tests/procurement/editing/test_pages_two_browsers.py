"""Tests of two people who open the same form and each change something.

Neither change is lost, and neither undoes the other unseen.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from partners.agreements.forms import AgreementFactsForm, NewAgreementForm
from partners.cities.forms import NewCityForm
from partners.contacts.forms import NewContactForm
from procurement.catalogue.forms import DutyReliefForm, RuleBaseForm
from procurement.requests.forms import AddLineForm
from procurement.shipments.forms import PlanShipmentForm
from procurement.suppliers.forms.certificates import NewCertificateForm
from procurement.suppliers.forms.suppliers import NewSupplierForm
from tests.browsing import Form, Page, words
from tests.procurement.editing.edit_forms import EDITS, Editing
from tests.procurement.editing.editable_objects import EditableObjects, field_content, form_on, send_fields
from workflow.http.edit_forms import EditForm

pytestmark = pytest.mark.django_db

# Forms that create an object, with the fields of a form that changes it.
CREATION_FORMS = (
    AddLineForm,
    NewAgreementForm,
    NewCertificateForm,
    NewCityForm,
    NewContactForm,
    NewSupplierForm,
    PlanShipmentForm,
)
# A form of two models, and one with the same fields as a tested form.
SIMILAR_FORMS = (RuleBaseForm, DutyReliefForm, AgreementFactsForm)


@pytest.fixture(scope="module")
def things(once) -> Iterator[EditableObjects]:
    with once():
        yield EditableObjects()


def every_second(edits: Iterable[Editing]) -> list[Any]:
    """Return the edits as parameters of a test; the usual run takes every second one."""
    return [
        pytest.param(edit, marks=[pytest.mark.every_way] if number % 2 else [])
        for number, edit in enumerate(edits)
    ]


DIFFERENT = [one for one in EDITS if one.second]


def name_of(edit: Editing) -> str:
    return f"{edit.form.__name__}-{next(iter(edit.first))}"


@pytest.mark.parametrize("edit", every_second(DIFFERENT), ids=name_of)
def test_two_people_editing_different_fields_both_keep_their_change(things: EditableObjects, edit: Editing):
    one, other = things.open(edit, edit.who), things.open(edit, edit.also)
    first, second = things.typed(edit.first), things.typed(edit.second)
    before = {name: field_content(one, name) for name in (*first, *second)}
    saved = send_fields(one, **first, **edit.always)
    assert saved.status == 200, saved.alert
    between = {name: field_content(things.open(edit, edit.who), name) for name in first}
    saved = send_fields(other, **second, **edit.always)
    assert saved.status == 200, saved.alert
    after = things.open(edit, edit.who)
    for name in first:
        assert before[name] != between[name] == field_content(after, name), name
    for name in second:
        assert field_content(after, name) != before[name], name


@pytest.mark.parametrize("edit", every_second(one for one in EDITS if one.clash is not None), ids=name_of)
def test_two_people_editing_the_same_field_see_both_values(things: EditableObjects, edit: Editing):
    one, other = things.open(edit, edit.who), things.open(edit, edit.also)
    first = things.typed(edit.first)
    name = next(iter(first))
    clash = things.typed(edit.clash or {}) or {
        **first,
        name: another_value(form_on(other, name), name, first[name]),
    }
    saved = send_fields(one, **first, **edit.always)
    assert saved.status == 200, saved.alert
    theirs = field_content(things.open(edit, edit.who), name)
    refused = send_fields(other, **clash, **edit.always)
    assert refused.status == 422
    said = conflict_text(refused, name)
    for value in (
        displayed_value(refused, name, theirs),
        displayed_value(refused, name, clash[name]),
        things.name_of(edit),
    ):
        assert value in said, (value, said)
    assert field_content(things.open(edit, edit.who), name) == theirs
    saved = send_fields(refused, **clash, **edit.always)
    assert saved.status == 200, saved.alert
    assert field_content(things.open(edit, edit.who), name) not in (theirs, "")


def conflict_text(page: Page, name: str) -> str:
    """Return the error at a field, and the two values below it."""
    group = page.main.xpath(f".//*[contains(@class, 'field-error')][.//*[@name='{name}']]")[0]
    return " ".join([page.wrong[name], *(words(one) for one in group.xpath(".//*[@class='two-values']"))])


def another_value(form: Form, name: str, value: str) -> str:
    """Return another value for the same field: another choice, another figure, or other words."""
    choices = form.choices(name)
    if choices:
        taken = {value, choices.get(value), *form.fields[name]}
        return next(one for one in choices.values() if one and one not in taken)
    if value[-1].isdigit():
        return value[:-1] + ("8" if value[-1] == "9" else str(int(value[-1]) + 1))
    return f"{value} Both."


def displayed_value(page: Page, name: str, value: str) -> str:
    """Return a value as a sentence shows it: the words of a choice, or the figure as written."""
    choices = {code: said for said, code in form_on(page, name).choices(name).items()}
    return choices.get(value, value)


def edit_forms(kind: type[EditForm] = EditForm) -> Iterator[type[EditForm]]:
    """Yield every form of the product that changes stored data."""
    for form in kind.__subclasses__():
        if form.__module__.startswith("tests."):
            continue
        yield form
        yield from edit_forms(form)


def test_every_edit_form_is_tested_with_two_people():
    tried = {base for edit in EDITS for base in edit.form.__mro__} | {*CREATION_FORMS, *SIMILAR_FORMS}
    assert {form.__name__ for form in edit_forms() if form not in tried} == set()

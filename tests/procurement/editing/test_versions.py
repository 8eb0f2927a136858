"""Tests of edits that name the version they were read at: the action itself refuses a stale one."""

from collections.abc import Callable
from typing import Any

import pytest

from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.orders.actions.approve import ConfirmationEdit, correct_confirmation
from procurement.orders.actions.create import OrderEdit, edit_order
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    record_shown_certificate,
)
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow.edits import Edit, version_of

pytestmark = pytest.mark.django_db

EDITS: dict[str, tuple[Callable[..., Any], type[Edit], dict[str, Any], dict[str, Any]]] = {
    "need": (edit_request, RequestEdit, {"notes": "By the back door."}, {"title": "Masks for May"}),
    "offer": (change_lead, LeadEdit, {"stock_quantity": 33_000}, {"remark": "In Foshan."}),
    "order": (edit_order, OrderEdit, {"budget_line": "4711"}, {"incoterm_place": "Guangzhou"}),
    "confirmation": (
        correct_confirmation,
        ConfirmationEdit,
        {"supplier_reference": "KH-7"},
        {"confirmed_by_name": "Wu"},
    ),
    "supplier": (correct_supplier, SupplierEdit, {"phone": "+86 760 1"}, {"name_en": "Kanghu"}),
    "certificate": (amend_certificate, CertificateEdit, {"holder": "康护"}, {"remark": "Seen on paper."}),
}


def thing_of(story: Story, kind: str) -> Any:
    if kind == "supplier":
        return story.supplier
    line = story.line()
    if kind == "need":
        return line.supply_request
    if kind == "confirmation":
        return story.confirmed(story.promise(line=line))
    if kind == "order":
        return story.draft(story.promise(line=line))
    if kind == "offer":
        return story.lead(line)
    of_quality = CertificateType.objects.get(code="ISO_13485")
    return record_shown_certificate(
        story.supplier,
        of_quality,
        number="QM 600",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


@pytest.mark.parametrize("kind", EDITS)
def test_edit_of_an_older_version_is_refused_naming_who_changed_what(story: Story, kind: str) -> None:
    action, edit, theirs, mine = EDITS[kind]
    thing = thing_of(story, kind)
    read = version_of(thing)
    action(thing, edit(**theirs), by=story.second_officer.by, at=AT)
    with assert_refused("changed_meanwhile", thing) as stale:
        action(thing, edit(**mine, version=read), by=story.officer.by, at=AT)
    since = stale.value.details["changed"]
    assert theirs.keys() <= {name for one in since for name in one["fields"]}
    assert since[0]["by"] == str(story.second_officer.user.name)
    assert stale.value.details["etag"] == f'"{version_of(thing)}"'
    action(thing, edit(**mine, version=version_of(thing)), by=story.officer.by, at=AT)
    thing.refresh_from_db()
    assert {name: getattr(thing, name) for name in theirs | mine} == theirs | mine


def test_changed_line_makes_an_edit_of_its_need_outdated(story: Story) -> None:
    line = story.line()
    need, read = line.supply_request, version_of(line.supply_request)
    facts = LineFacts(product=line.product, quantity=9_000)
    set_lines(need, [facts], by=story.second_officer.by, at=AT)
    with assert_refused("changed_meanwhile", need) as stale:
        edit_request(need, RequestEdit(title="Masks for May", version=read), by=story.officer.by, at=AT)
    assert [one["fields"] for one in stale.value.details["changed"]] == [["lines"]]

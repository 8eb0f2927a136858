"""Rows of the start page (“Today”) that wait for others: answers and reports that contacts still owe.

They have no button and are not counted. City staff see those of their own cities, coordinators all that they oversee.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from procurement.dashboard.todo_items import TodoItem, TodoKind
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask


def _awaited_reports(by: Permissions) -> QuerySet[Any]:
    return _in_readers_cities(VerificationTask.objects.visible_to(by).waiting(), by)


def _awaited_answers(by: Permissions) -> QuerySet[Any]:
    return _in_readers_cities(Inquiry.objects.visible_to(by).awaiting_reply(), by)


def _in_readers_cities(rows: QuerySet[Any], by: Permissions) -> QuerySet[Any]:
    return rows if by.is_coordinator else rows.filter(city__in=by.visible_cities)


def _awaited_report_item(task: VerificationTask, at: datetime) -> TodoItem:
    params = {"check": task.get_check_kind_display(), "supplier": task.supplier.name, **_who(task)}
    words = _("Report from %(contact)s, %(city)s: %(check)s, %(supplier)s") % params
    return _item(task, words, at)


def _awaited_answer_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("Answer from %(contact)s, %(city)s: %(subject)s")
    return _item(inquiry, words % {"subject": inquiry.subject_own or inquiry.subject, **_who(inquiry)}, at)


def _who(thing: VerificationTask | Inquiry) -> dict[str, Any]:
    contact: Any = thing.contact  # a requested check always has a contact
    return {"contact": contact, "city": contact.city.name}


def _item(thing: VerificationTask | Inquiry, words: Any, at: datetime) -> TodoItem:
    return TodoItem(
        words,
        "",
        thing.get_absolute_url(),
        thing.get_status_display(),
        thing.due_at or at,
        thing.reference,
        is_not_urgent=thing.due_at is None,
    )


AWAITED_KINDS = (
    TodoKind(
        "awaited_reports",
        _("Waiting for others"),
        _awaited_reports,
        _awaited_report_item,
        ("contact__user", "contact__city", "supplier"),
        order=("due_at", "pk"),
        required_facts=("contact_id",),
    ),
    TodoKind(
        "awaited_answers",
        _("Waiting for others"),
        _awaited_answers,
        _awaited_answer_item,
        ("contact__user", "contact__city"),
        order=("due_at", "pk"),
    ),
)

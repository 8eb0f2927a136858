"""Twenty copies of one row of any model, with other values where two rows must differ.

No action makes these rows. They serve only to find lists that query the database for each row.
"""

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db.models import CharField, Field, Model, UniqueConstraint

from partners.contacts.models import Contact, Organization
from procurement.audit_files.models import AuditFile
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.models.requests import DocumentSubmission
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.decision_memos.models import DecisionMemo
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.receiving.models import Discrepancy
from procurement.sanctions.models import WatchlistEntry
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.thanks.models import ThankYou
from procurement.webhooks.models import WebhookDelivery
from workflow.outbox.models import Notification

if TYPE_CHECKING:
    from django.db.models import Field

COPIES = 20
_numbers = count(1)
# Models with one row for each object in this field.
UNIQUE_OBJECT_FIELD: dict[type[Model], str] = {
    InterestDeclaration: "supplier",
    AuditFile: "order",
    OrderAcknowledgement: "order",
    ThankYou: "order",
    Discrepancy: "receipt",
    Notification: "entry",
    Inquiry: "contact",
    IntroductionConsent: "inquiry",
    WebhookDelivery: "entry",
}
# Models whose rows differ in a number: the field, and the step between two rows.
NUMBERED_FIELD: dict[type[Model], tuple[str, int]] = {
    WatchlistEntry: ("row", COPIES),
    DecisionMemo: ("number", 1),
    ReliefClaim: ("position", 1),
    GeneratedDocument: ("version", 1),
    DocumentSubmission: ("number", 1),
}


def copy_twenty_times(model: type[Model]) -> None:
    """Copy the first row twenty times."""
    first = model._base_manager.order_by("pk").first()
    assert first is not None, f"the story has no {model.__name__}"
    for _turn in range(COPIES):
        _copy(first).save(force_insert=True)


def _copy(first: Model) -> Any:
    number = next(_numbers)
    copy: Any = type(first)._base_manager.get(pk=first.pk)
    copy.pk = None
    copy._state.adding = True
    for field in _unique_text_columns(type(first)):
        setattr(copy, field.attname, _other_value(getattr(copy, field.attname), field, number))
    _set_apart(copy, number)
    return copy


def _set_apart(copy: Any, number: int) -> None:
    """Change what two rows of a model may not share: the object they are about, or their position."""
    if isinstance(copy, Contact):
        copy.organization = Organization.objects.create(
            city=copy.city, kind="laboratory", name_en=f"Laboratory {number}"
        )
    for model, (name, step) in NUMBERED_FIELD.items():
        if isinstance(copy, model):
            setattr(copy, name, getattr(copy, name) + step * number)
    for model, name in UNIQUE_OBJECT_FIELD.items():
        if isinstance(copy, model):
            about = _copy(getattr(copy, name))
            about.save(force_insert=True)
            setattr(copy, name, about)
    if isinstance(copy, WebhookDelivery):
        copy.message_id = uuid4()
    if isinstance(copy, IntroductionConsent):  # one for each contact
        copy.contact = copy.inquiry.contact


def _unique_text_columns(model: type[Model]) -> list["Field[Any, Any]"]:
    """Return the text columns in which two rows must differ."""
    fields = model._meta.concrete_fields
    alone = [field for field in fields if field.unique and isinstance(field, CharField)]
    rules = [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint)]
    together = [
        [field for field in fields if _words(field) and field.name in constraint_columns(rule)]
        for rule in rules
    ]
    return alone + [columns[-1] for columns in together if columns]


def constraint_columns(rule: UniqueConstraint) -> tuple[str, ...]:
    """Return the columns of a constraint.

    A constraint over expressions (two cities in either order) names none; its plain column is `kind`.
    """
    return tuple(rule.fields) or ("kind",)


def _words(field: "Field[Any, Any]") -> bool:
    return isinstance(field, CharField)


def _other_value(value: str, field: "Field[Any, Any]", number: int) -> str:
    """Return another value of the same form; a reference stays a reference."""
    if field.name == "reference":
        return f"{value[:2]}-2019-{number:04d}"
    length = field.max_length or 60
    return f"{value}-{number}"[-length:] if length > 10 else f"v{number}"[-length:]

"""Twenty more of everything: rows copied beside one that was played, with other values where two may not be the same.

No action makes them, and they are good for nothing but being listed: a list that asks the database once for each row shows it.
"""

from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Field, Model, UniqueConstraint

from partners.models.people import Contact, Organisation
from procurement.lists.models.watch_list import ListedName
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.memo import Memo
from procurement.outreach.models import Inquiry
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.handing import PaperVersion
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.models.thanks import ThanksPack
from procurement.suppliers.models.judgement import Interest
from workflow.models.bell import InAppNotice

if TYPE_CHECKING:
    from django.db.models import Field

MORE = 20
_numbers = count(1)
# Of each of these things there is one such row.
ABOUT: dict[type[Model], str] = {
    Interest: "supplier",
    Bundle: "order",
    ThanksPack: "order",
    DifferenceCase: "receipt",
    InAppNotice: "entry",
    Inquiry: "contact",
}
# These are told apart by a number of theirs: which, and how far two are apart.
COUNTED: dict[type[Model], tuple[str, int]] = {
    ListedName: ("row", MORE),
    Memo: ("number", 1),
    ReliefClaim: ("position", 1),
    MadePaper: ("version", 1),
    PaperVersion: ("number", 1),
}


def twenty_more(model: type[Model]) -> None:
    """Copy the first row twenty times."""
    first = model._base_manager.order_by("pk").first()
    assert first is not None, f"the story has no {model.__name__}"
    for _turn in range(MORE):
        _copy(first).save(force_insert=True)


def _copy(first: Model) -> Any:
    number = next(_numbers)
    copy: Any = type(first)._base_manager.get(pk=first.pk)
    copy.pk = None
    copy._state.adding = True
    for field in _told_apart(type(first)):
        setattr(copy, field.attname, _another(getattr(copy, field.attname), field, number))
    _set_apart(copy, number)
    return copy


def _set_apart(copy: Any, number: int) -> None:
    """What else two rows of a kind may not share: whom or what they are about, or their place in it."""
    if isinstance(copy, Contact):
        copy.organisation = Organisation.objects.create(
            city=copy.city, kind="laboratory", name_en=f"Laboratory {number}"
        )
    for model, (name, step) in COUNTED.items():
        if isinstance(copy, model):
            setattr(copy, name, getattr(copy, name) + step * number)
    for model, name in ABOUT.items():
        if isinstance(copy, model):
            about = _copy(getattr(copy, name))
            about.save(force_insert=True)
            setattr(copy, name, about)


def _told_apart(model: type[Model]) -> list["Field[Any, Any]"]:
    """The columns of words by which two rows must differ."""
    fields = model._meta.concrete_fields
    alone = [field for field in fields if field.unique and isinstance(field, CharField)]
    rules = [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint)]
    together = [[field for field in fields if _words(field) and field.name in names(rule)] for rule in rules]
    return alone + [columns[-1] for columns in together if columns]


def names(rule: UniqueConstraint) -> tuple[str, ...]:
    """The columns of a rule; of one over expressions (two cities, whichever is named first), the plain one."""
    return tuple(rule.fields) or ("kind",)


def _words(field: "Field[Any, Any]") -> bool:
    return isinstance(field, CharField)


def _another(value: str, field: "Field[Any, Any]", number: int) -> str:
    """Another value of the same look: a reference stays one."""
    if field.name == "reference":
        return f"{value[:2]}-2019-{number:04d}"
    length = field.max_length or 60
    return f"{value}-{number}"[-length:] if length > 10 else f"v{number}"[-length:]

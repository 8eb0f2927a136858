"""In which order things happened: nothing in the future, nothing before the step it follows. Pure; refused with both times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from procurement.shipments.models.tracking import Step
from workflow.errors import Refused, Words
from workflow.moves import first_refusal

AHEAD = timedelta(minutes=10)  # a sender's clock may be a little fast
NOTED_WITHIN = timedelta(days=1)  # packing is noted when somebody gets to it; the goods may have left by then

# Customs may let goods in before they are here, and out before they are picked up: the two clearings have no place in this order.
ONE_AFTER_ANOTHER = (Step.READY, Step.PICKED_UP, Step.DEPARTED, Step.ARRIVED, Step.DELIVERED, Step.INSPECTED)


def not_yet(field: str, name: Words, given: datetime, at: datetime) -> Refused | None:
    """What has not happened yet is not noted. `name` is the fact's own, as the page calls it."""
    if given <= at + AHEAD:
        return None
    words = _("“%(name)s” cannot be %(given)s: that is still to come, it is %(now)s.")
    return Refused("not_yet", words % {"name": name, "given": told(given), "now": told(at)}, field=field)


def out_of_order(
    field: str, name: Words, given: datetime, before: Words, earlier: datetime | None
) -> Refused | None:
    """Nothing happens before the step it follows, where that has a time."""
    if earlier is None or given >= earlier:
        return None
    words = _("“%(name)s” cannot be %(given)s: “%(before)s” was %(earlier)s.")
    figures = {"name": name, "given": told(given), "before": before, "earlier": told(earlier)}
    return Refused("out_of_order", words % figures, field=field)


def plannable(planned: Mapping[str, datetime | None]) -> Refused | None:
    """What is planned are steps we know, one after another."""
    if planned.keys() - set(Step.values):
        return Refused("no_such_step", _("There is no such step."), field="planned")
    known = [(step, moment) for step in ONE_AFTER_ANOTHER if (moment := planned.get(step)) is not None]
    answers = (
        out_of_order("planned", step.label, moment, before.label, earlier)
        for (before, earlier), (step, moment) in pairwise(known)
    )
    return first_refusal(answers)


def called(model: type[Model], field: str) -> Words:
    """A field as people call it."""
    return next(one.verbose_name for one in model._meta.concrete_fields if one.name == field)


def told(moment: datetime) -> str:
    """A moment by UTC, for sentences about places of several zones."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")

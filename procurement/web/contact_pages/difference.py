"""What the sender says about a difference, by link: everything that the letter told of, and one answer to it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.rules.powers import Powers
from procurement.shipments.actions.dock.cases import answer_together
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.rules.dock.cases import LONGEST
from procurement.web.contact_pages.acting import ByLink, acting, closed_to, open_to, too_often
from workflow import clock
from workflow.doors.editing import Edit, editing
from workflow.doors.http import attempt, show
from workflow.doors.refusals import status_of

TEMPLATE = "contact/difference.html"


class Said(Edit):
    """What the sender knows of it."""

    answer = forms.CharField(
        label=_("What the sender says"), widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST
    )


@link_required("procurement.differencecase")
def case_answer(request: ByLink, reference: str) -> HttpResponse:
    """What came otherwise than it was sent; and a box for what the sender knows of it."""
    rows = DifferenceCase.objects.select_related(
        "city",
        "shipment",
        "contact__user",
        "contact__organisation",
        "line__order_line__order",
        "line__order_line__allocation__lead__product",
    )
    thing = rows.filter(pk=request.link.thing_id).first()
    if thing is None:
        raise Http404
    by = acting(request, thing, reference)
    together = thing.together
    asked = next((one for one in together if one.status in DifferenceCase.UNSETTLED), thing)
    with editing(request, asked):
        return _answered(request, thing, asked, by)


def _answered(request: ByLink, thing: DifferenceCase, asked: DifferenceCase, by: Powers) -> HttpResponse:
    form = Said(request.POST if request.method == "POST" else None, initial={"answer": asked.answer})
    form.thing = asked
    context: dict[str, Any] = {
        "case": thing,
        "asked": asked,
        "together": thing.together,
        "form": form,
        "moves": open_to(asked, by),
    }
    closed = closed_to(asked, "answer", by)
    if form.is_bound and closed is not None:
        return show(request, TEMPLATE, context | {"refused": closed}, status=status_of(closed))
    if not form.is_valid():
        return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: answer_together(asked, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("case_answer", args=[thing.reference]),
        template=TEMPLATE,
        context=context,
    )


urlpatterns = [path("d/<slug:reference>/", case_answer, name="case_answer")]

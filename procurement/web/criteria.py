"""By what the offers for a line are judged: fixed before they can be compared, shown with who fixed it when, and what was before."""

import re
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from procurement.allocations import actions
from procurement.allocations.models import Criteria
from procurement.allocations.rules import LONGEST_POINT, MOST_POINTS, Point
from procurement.web.needs.needs import find
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import LinesField
from workflow.doors.http import attempt, show

WEIGHED = re.compile(r"(\d{1,3})\s*%?[\s:：]+(.+)")


class Fix(forms.Form):
    """One criterion a line; a number before it is its weight."""

    points = LinesField(
        label=_("Criteria, one a line"),
        longest=LONGEST_POINT + 6,
        most=MOST_POINTS,
        help_text=_(
            "Begin with a number for its weight: “60 Landed price”. Without a number it must hold. Weights add up to 100."
        ),
    )
    reason = forms.CharField(
        label=_("Why now"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed once two offers have come in, something is allocated, or other criteria were fixed."
        ),
    )

    def clean_points(self) -> list[Point]:
        """The lines as criteria."""
        return [point_of(line) for line in self.cleaned_data["points"]]


def point_of(line: str) -> Point:
    """“60 Landed price” weighs sixty; “Certificate confirmed” must hold."""
    weighed = WEIGHED.fullmatch(line)
    return Point(weighed[2].strip(), int(weighed[1])) if weighed else Point(line)


@login_required
def criteria(request: Visit, reference: str, number: int) -> HttpResponse:
    """The criteria of a line, those before, and the form to fix them. The city's own people read them; its officers fix them."""
    need = find(request, reference)
    only(request, Power.SEE, need)
    line = get_object_or_404(need.lines.select_related("product", "supply_request"), pk=number)
    may_fix = request.by.may(Power.ALLOCATE, need)
    rows = Criteria.objects.visible_to(request.by).filter(line=line).select_related("author").order_by("-pk")
    form = Fix(request.POST or None) if may_fix else None
    context: dict[str, Any] = {"need": need, "line": line, "form": form, "fixed": list(rows)}
    if request.method != "POST" or form is None:  # whoever only reads has nothing to send
        return show(request, "allocations/criteria.html", context)
    if not form.is_valid():
        return show(request, "allocations/criteria.html", context, status=422)
    return attempt(
        request,
        lambda: actions.fix_criteria(
            line, author=request.user, by=request.by, at=clock.now(), **form.cleaned_data
        ),
        done=lambda fixed: fixed.get_absolute_url(),
        template="allocations/criteria.html",
        context=context,
    )


urlpatterns = [path("needs/<slug:reference>/lines/<int:number>/criteria/", criteria, name="criteria")]

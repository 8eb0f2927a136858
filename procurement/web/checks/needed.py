"""Which checks an offer needs and why; which it does not, and why not; and what has become of each."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path

from partners.roles import Power
from partners.visit import Visit, only
from procurement.verification.actions.opening import case_of
from procurement.verification.models.checks import Check, VerificationTask
from procurement.verification.rules.needed import WHY, WHY_NOT, decisions
from procurement.verification.rules.sharing import valid_days
from procurement.web.leads.offers import find
from workflow import clock
from workflow.doors.http import show


@login_required
def checks_of(request: Visit, reference: str) -> HttpResponse:
    """The rule, applied to one offer as it stands today, beside the checks that are open or made."""
    lead = find(request, reference)
    only(request, Power.SEE, lead)  # what a city thinks of a company is its own, and the rule goes by it
    tasks = VerificationTask.objects.visible_to(request.by).filter(lead=lead).order_by("pk")
    made: dict[str, list[VerificationTask]] = {}
    for task in tasks:
        made.setdefault(task.check_kind, []).append(task)
    today = lead.city.day_at(clock.now())
    rows = [
        (
            Check(one.check).label,
            WHY.get(one.why),
            WHY_NOT.get(one.why_not),
            made.get(one.check, []),
            valid_days(one.check, today),
        )
        for one in decisions(case_of(lead, today))
    ]
    return show(request, "checks/needed.html", {"lead": lead, "rows": rows})


urlpatterns = [path("checks/of/<slug:reference>/", checks_of, name="checks_of")]

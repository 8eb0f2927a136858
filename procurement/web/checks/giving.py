"""Choosing who makes a check."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from procurement.outreach.gathering.people import told
from procurement.verification import gathering
from procurement.verification.actions.asking import request_check
from procurement.verification.gathering import first_beside
from procurement.web.asking.outreach import chosen_of, visible_contact
from procurement.web.checks.task import find
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show

LONGEST_NUMBER = 20  # figures; Python refuses to read thousands, and no row has a number that long


class OtherPerson(forms.Form):
    """Why somebody else makes a check than whom routing puts first."""

    chosen_because = forms.CharField(
        label=_("Why this person and not the first suggested"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


@login_required
def assign(request: Visit, reference: str) -> HttpResponse:
    """Who can make this check, nearest first, each with the reason in words; one button asks them."""
    thing = find(request, reference)
    only(request, Power.ASSIGN_CHECK, thing)
    at = clock.now()
    suggested = gathering.suggested(thing, at, request.user.language)
    form = OtherPerson(request.POST or None)
    context = {
        "task": thing,
        "suggestions": [
            (one, first_beside(thing, suggested, one.contact) == one.contact) for one in suggested[:12]
        ],
        "form": form,
    }
    if not form.is_valid():
        return show(request, "checks/assign.html", context, status=422 if form.is_bound else 200)
    given = request.POST.get("contact", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < LONGEST_NUMBER else 0
    chosen = chosen_of(suggested, number)
    contact = chosen.contact if chosen else visible_contact(request, number)
    return attempt(
        request,
        lambda: request_check(
            thing,
            contact,
            reasons=told(chosen.ranked.reasons) if chosen else [],
            best=first_beside(thing, suggested, contact),
            chosen_because=form.cleaned_data["chosen_because"],
            by=request.by,
            at=at,
        ),
        done=thing.get_absolute_url(),
        template="checks/assign.html",
        context=context,
    )


urlpatterns = [path("checks/<slug:reference>/assign/", assign, name="assign_check")]

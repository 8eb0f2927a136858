"""A contact says, by the link of a check, which phone number of the company is right: accounts are called back on such a one only."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.rules.hours import today_of
from procurement.suppliers.actions import facts
from procurement.suppliers.models.fact import CompanyFact
from procurement.verification.models.checks import VerificationTask
from procurement.web.contact_pages.acting import ByLink, acting, person, too_often
from workflow import clock
from workflow.doors.http import attempt, show

HOW = CompanyFact.How
by_link = link_required("procurement.verificationtask")


class Phone(forms.Form):
    """A phone number of the company, and how this person knows that it is right."""

    number = forms.CharField(label=_("Phone number of the company"), max_length=60)
    how = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[
            (HOW.CALLED, _("I called it, and the company answered")),
            (HOW.LICENCE, _("I read it on the licence")),
            (HOW.REGISTER, _("I read it in a public register")),
        ],
        widget=forms.RadioSelect,
    )


@by_link
def confirm_phone(request: ByLink, reference: str) -> HttpResponse:
    """Say a phone number of the company one was asked to look at."""
    rows = VerificationTask.objects.select_related(
        "contact__user", "contact__organisation", "supplier", "city"
    )
    task = rows.filter(pk=request.link.thing_id).first()
    if task is None:
        raise Http404
    by = acting(request, task, reference)
    assert task.contact is not None  # `acting` has compared it with the link's person
    contact = task.contact
    form = Phone(request.POST if request.method == "POST" else None)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("Which phone number is right?"),
        "button": _("Tell the city"),
    }
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    at = clock.now()

    def act() -> Any:
        return facts.confirm_phone(
            task.supplier,
            form.cleaned_data["number"],
            how=form.cleaned_data["how"],
            contact=contact,
            city=task.city,
            said_on=today_of(contact, at),
            entered_by=person(request),
            by=by,
            at=at,
        )

    return too_often(request) or attempt(
        request, act, done=reverse("report", args=[reference]), template="contact/ask.html", context=context
    )


urlpatterns = [path("c/<slug:reference>/phone/", confirm_phone, name="report_phone")]

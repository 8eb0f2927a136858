"""Confirmation of a supplier's phone number by a contact, through the link of a check.

Bank accounts are confirmed by a call to such a number only.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from partners.contacts.working_hours import local_day_of
from procurement.portal.link_pages import LinkRequest, permissions_of_link, person_of_link, throttled_page
from procurement.suppliers.actions.facts import confirm_phone
from procurement.suppliers.forms.facts import ConfirmPhoneForm
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.http.pages import render_page, run_action

verification_link_required = link_required("procurement.verificationtask")


@verification_link_required
def confirm_phone_by_link(request: LinkRequest, reference: str) -> HttpResponse:
    """Record the phone number of the supplier that the check is about."""
    rows = VerificationTask.objects.select_related(
        "contact__user", "contact__organization", "supplier", "city"
    )
    task = rows.filter(pk=request.link.thing_id).first()
    if task is None:
        raise Http404
    by = permissions_of_link(request, task, reference)
    assert task.contact is not None  # `permissions_of_link` has compared it with the link's person
    contact = task.contact
    form = ConfirmPhoneForm(request.POST if request.method == "POST" else None)
    context = {
        "inquiry": task,
        "form": form,
        "heading": _("Which phone number is right?"),
        "button": _("Tell the city"),
    }
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    at = clock.now()

    def act() -> Any:
        return confirm_phone(
            task.supplier,
            form.cleaned_data["number"],
            how=form.cleaned_data["how"],
            contact=contact,
            city=task.city,
            stated_on=local_day_of(contact, at),
            entered_by=person_of_link(request),
            by=by,
            at=at,
        )

    return throttled_page(request) or run_action(
        request,
        act,
        done=reverse("portal_check", args=[reference]),
        template="portal/short_form.html",
        context=context,
    )

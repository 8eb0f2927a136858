"""A contact's own page, opened by one link: all inquiries and checks, offers, thank-yous, and absence.

Each form opens by its own link, which is created on demand, as in a mail.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.actions.links import record_link_use
from accounts.actors import SelfActor
from accounts.link_sessions import link_required
from partners.contacts.actions import set_absence
from partners.contacts.models import Contact
from partners.contacts.working_hours import local_day_of
from partners.permissions.permissions import permissions_by_link
from procurement.leads.queries.reached_cities import twin_city_ids
from procurement.outreach.actions.consents import withdraw_consent
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.views.sent_letters import letter_response
from procurement.portal.files import newest_portal_files
from procurement.portal.history import history_context, inquiries_sent_to
from procurement.portal.link_pages import LinkRequest, throttled_page
from procurement.portal.open_link import redirect_to_new_link
from procurement.requests.unwanted_goods.queries import unwanted_goods_of
from procurement.thanks.portal import exchanges_with_helped_cities, received_thank_yous
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.clock import real_now
from workflow.http.forms import DayField
from workflow.http.pages import render_page, run_action

contact_link_required = link_required("partners.contact")
ABSENCE_DAYS = (7, 14, 30)
BACK_CHOICE, OWN_DATE_CHOICE = "0", "until"


class AbsenceForm(forms.Form):
    """Form for an absence, or for the return from it.

    The person chooses first and then sends. A mail scanner that presses buttons therefore cannot mark a
    contact as away.
    """

    how_long = forms.ChoiceField(label=_("How long"), widget=forms.RadioSelect)
    until = DayField(label=_("Until (date)"), required=False)

    def __init__(self, data: Any, *, is_away: bool) -> None:
        super().__init__(data)
        choices = [
            (str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
            for days in ABSENCE_DAYS
        ]
        choices.append((OWN_DATE_CHOICE, str(_("Until a date I choose"))))
        field = self.fields["how_long"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(BACK_CHOICE, str(_("I am back"))), *choices] if is_away else choices

    def clean(self) -> dict[str, Any]:
        """Require the date if the person chose one of their own."""
        facts = super().clean() or {}
        if (
            facts.get("how_long") == OWN_DATE_CHOICE
            and facts.get("until") is None
            and "until" not in self.errors
        ):
            self.add_error("until", _("Enter a date."))
        return facts

    def last_absence_day(self, today: date) -> date | None:
        """Return the last day away, or None for a person who is back."""
        how_long = self.cleaned_data["how_long"]
        if how_long == OWN_DATE_CHOICE:
            own: date = self.cleaned_data["until"]
            return own
        return None if how_long == BACK_CHOICE else today + timedelta(days=int(how_long))


@contact_link_required
def contact_page(request: LinkRequest, pk: int) -> HttpResponse:
    """Show everything for this contact, in their language."""
    contact = _find_own_contact(request, pk)
    return render_page(request, "portal/index.html", _index_context(contact, None))


@contact_link_required
@require_POST
def record_absence(request: LinkRequest, pk: int) -> HttpResponse:
    """Record an absence of 7, 14 or 30 days or until a date, or the return. Counts as a use of the link."""
    contact, at = _find_own_contact(request, pk), clock.now()
    context = _index_context(contact, request.POST)
    form: AbsenceForm = context["form"]
    if not form.is_valid():
        return render_page(request, "portal/index.html", context, status=422)
    by = permissions_by_link(request.link.user, contact, ("partners.contact", contact.pk))

    def go() -> None:
        set_absence(contact, form.last_absence_day(local_day_of(contact, at)), by=by, at=at)
        record_link_use(request.link, real_at=real_now())
        messages.success(request, gettext("Saved."))

    return run_action(
        request, go, done=reverse("my_requests", args=[pk]), template="portal/index.html", context=context
    )


@contact_link_required
@require_POST
def open_asked_request(request: LinkRequest, pk: int, reference: str) -> HttpResponse:
    """Open the form of an inquiry or a check that this person was asked about."""
    _find_own_contact(request, pk)
    user = request.link.user
    tasks = VerificationTask.objects.filter(contact__user=user)
    asked = inquiries_sent_to(user).filter(reference=reference)
    agree = Inquiry.objects.awaiting_consent().filter(introducer__user=user, reference=reference)
    thing = asked.first() or agree.first() or tasks.filter(reference=reference).first()
    if thing is None:
        raise Http404
    return redirect_to_new_link(user, thing, by=SelfActor(user, "link"), proved=False)


@contact_link_required
@require_POST
def withdraw_own_consent(request: LinkRequest, pk: int, reference: str) -> HttpResponse:
    """Withdraw a consent that this person gave."""
    contact = _find_own_contact(request, pk)
    given = IntroductionConsent.objects.filter(introducer__user=request.link.user)
    consent = get_object_or_404(given.select_related("through_city", "introducer"), reference=reference)
    assert consent.introducer is not None  # filtered by it
    by = permissions_by_link(request.link.user, consent.introducer, consent.introduction_right.link_target)

    def go() -> None:
        withdraw_consent(consent, by=by, at=clock.now())
        messages.success(request, gettext("Your consent was withdrawn."))

    return throttled_page(request) or run_action(
        request,
        go,
        done=reverse("my_requests", args=[pk]),
        template="portal/index.html",
        context=_index_context(contact, None),
    )


@contact_link_required
def my_thank_you_letter(request: LinkRequest, pk: int, letter: int) -> HttpResponse:
    """Return a thank-you letter to this person as PDF."""
    contact = _find_own_contact(request, pk)
    return letter_response(request, get_object_or_404(SentLetter, pk=letter, contact__user=contact.user))


def _find_own_contact(request: LinkRequest, pk: int) -> Contact:
    """Return the contact of the link. 404 for the page of anyone else."""
    if request.link.thing_id != pk:
        raise Http404
    rows = Contact.objects.filter(user=request.link.user).select_related("user", "city", "organization__city")
    return get_object_or_404(rows, pk=pk)


def _index_context(contact: Contact, sent: Any) -> dict[str, Any]:
    today = local_day_of(contact, clock.now())
    is_away = contact.is_away(today)
    asking = inquiries_sent_to(contact.user).awaiting_reply().values_list("city", flat=True)
    return {
        "contact": contact,
        "is_away": is_away,
        "form": AbsenceForm(sent, is_away=is_away),
        **history_context(contact),
        "thanked": received_thank_yous(contact.user),
        "between": exchanges_with_helped_cities(contact),
        "uploads": newest_portal_files(contact.user, contact.pk),
        "unwanted": unwanted_goods_of({*asking, *twin_city_ids(contact)}, today),
    }

"""A contact's own page, by one link: everything asked of them by every city, what they offered and where it is, letters of thanks.

A form opens by a link of its own, made on the spot, as in a mail.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.actions import links
from accounts.actors import Oneself
from accounts.web.grants import link_required
from partners.actions.people import go_away
from partners.models.people import Contact
from partners.rules.hours import today_of
from partners.rules.powers import powers_by_link
from procurement.outreach.models import Inquiry, SentLetter
from procurement.verification.models.checks import VerificationTask
from procurement.web.asking.letters import handed_out
from procurement.web.contact_pages import favours, thanked
from procurement.web.contact_pages.acting import ByLink
from procurement.web.contact_pages.favours import put_to
from procurement.web.contact_pages.opening import follow
from procurement.web.contact_pages.papers import on_their_page
from procurement.web.contact_pages.thanked import between_of
from workflow import clock
from workflow.clock import real_now
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show

by_link = link_required("partners.contact")
DAYS = (7, 14, 30)
BACK, ANOTHER = "0", "until"


class Away(forms.Form):
    """For how long somebody is away, or that they are back: chosen, then sent, so that a mail scanner that presses buttons sends nobody
    away.
    """

    how_long = forms.ChoiceField(label=_("For how long"), widget=forms.RadioSelect)
    until = DayField(label=_("Until which day"), required=False)

    def __init__(self, data: Any, *, is_away: bool) -> None:
        super().__init__(data)
        choices = [
            (str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in DAYS
        ]
        choices.append((ANOTHER, str(_("Until a day of my own"))))
        field = self.fields["how_long"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(BACK, str(_("I am back"))), *choices] if is_away else choices

    def clean(self) -> dict[str, Any]:
        """A day of one's own is given where it was chosen."""
        facts = super().clean() or {}
        if facts.get("how_long") == ANOTHER and facts.get("until") is None and "until" not in self.errors:
            self.add_error("until", _("Give the day."))
        return facts

    def day(self, today: date) -> date | None:
        """The last day away; None for somebody who is back."""
        how_long = self.cleaned_data["how_long"]
        if how_long == ANOTHER:
            own: date = self.cleaned_data["until"]
            return own
        return None if how_long == BACK else today + timedelta(days=int(how_long))


@by_link
def my_things(request: ByLink, pk: int) -> HttpResponse:
    """Everything at a glance, in the reader's language."""
    contact = _mine(request, pk)
    return show(request, "contact/mine.html", _context(contact, None))


@by_link
@require_POST
def away(request: ByLink, pk: int) -> HttpResponse:
    """Away for a week, a fortnight, a month or until a day of one's own; or back."""
    contact, at = _mine(request, pk), clock.now()
    context = _context(contact, request.POST)
    form: Away = context["form"]
    if not form.is_valid():
        return show(request, "contact/mine.html", context, status=422)
    by = powers_by_link(request.link.user, contact, ("partners.contact", contact.pk))

    def go() -> None:
        go_away(contact, form.day(today_of(contact, at)), by=by, at=at)
        links.use(request.link, real_at=real_now())
        messages.success(request, gettext("Kept."))

    return attempt(
        request, go, done=reverse("my_things", args=[pk]), template="contact/mine.html", context=context
    )


@by_link
@require_POST
def open_mine(request: ByLink, pk: int, reference: str) -> HttpResponse:
    """To the form of a question or a check that was put to this person."""
    _mine(request, pk)
    user = request.link.user
    tasks = VerificationTask.objects.filter(contact__user=user)
    asked = put_to(user).filter(reference=reference)
    agree = Inquiry.objects.awaiting_consent().filter(introducer__user=user, reference=reference)
    thing = asked.first() or agree.first() or tasks.filter(reference=reference).first()
    if thing is None:
        raise Http404
    return follow(user, thing, by=Oneself(user, "link"), proved=False)


@by_link
def my_thanks(request: ByLink, pk: int, letter: int) -> HttpResponse:
    """A letter of thanks to this person, on paper."""
    contact = _mine(request, pk)
    return handed_out(request, get_object_or_404(SentLetter, pk=letter, contact__user=contact.user))


def _mine(request: ByLink, pk: int) -> Contact:
    """The contact of the link. 404 for anybody else's page."""
    if request.link.thing_id != pk:
        raise Http404
    rows = Contact.objects.filter(user=request.link.user).select_related("user", "city", "organisation__city")
    return get_object_or_404(rows, pk=pk)


def _context(contact: Contact, sent: Any) -> dict[str, Any]:
    is_away = contact.is_away(today_of(contact, clock.now()))
    return {
        "contact": contact,
        "is_away": is_away,
        "form": Away(sent, is_away=is_away),
        **favours.of(contact.user),
        "thanked": thanked.of(contact.user),
        "between": between_of(contact),
        "papers": on_their_page(contact.user, contact.pk),
    }


urlpatterns = [
    path("me/<int:pk>/asked/", my_things, name="my_things"),
    path("me/<int:pk>/thanks/<int:letter>/", my_thanks, name="my_thanks"),
    path("me/<int:pk>/away/", away, name="my_away"),
    path("me/<int:pk>/open/<slug:reference>/", open_mine, name="my_question"),
]

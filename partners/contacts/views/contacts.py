"""Pages of organizations and contacts: add them, change them, see their history."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.cities.models import City
from partners.cities.views.cities import get_city_or_404
from partners.contacts import actions
from partners.contacts.forms import (
    AbsenceForm,
    AddDeputyForm,
    ContactForm,
    EmailAddressForm,
    NewContactForm,
    OrganizationForm,
    RemoveDeputyForm,
)
from partners.contacts.models import Contact
from partners.contacts.rules import (
    ADD_DEPUTY,
    CHANGE_EMAIL_ADDRESS,
    CONFIRM_WORKPLACE,
    CONSENT_TO_INQUIRIES,
    CORRECT,
    OPT_IN,
    OPT_OUT,
    REMOVE_DEPUTY,
    RESUME_CITY_INQUIRIES,
    SET_ABSENCE,
    STOP_CITY_INQUIRIES,
    SUGGEST_CHANGE,
    may_see_details,
)
from partners.contacts.salutations import salutation
from partners.contacts.working_hours import local_day_of
from partners.hooks import check_kinds, product_families
from partners.place_labels import country_label, subdivision_label
from partners.powers import Power
from workflow import clock
from workflow.formatting import reader_language
from workflow.http.move_forms import OptionalReasonForm
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.person_names import suggest_reading


@login_required
def add_organization(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add an organization to one's own city or to a partner city."""
    city = get_city_or_404(request, slug)
    require_permission(request, Power.INVITE_CONTACT, city)
    form = OrganizationForm(request.POST or None)
    return _added(
        request, city, form, _("Add office"),
        lambda facts: actions.add_organization(city, by=request.by, at=clock.now(), **facts),
    )  # fmt: skip


@login_required
def add_contact(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a contact to an organization of the city. They receive one message that asks for their consent."""
    city = get_city_or_404(request, slug)
    require_permission(request, Power.INVITE_CONTACT, city)
    form = NewContactForm(request.POST or None, city)
    return _added(
        request, city, form, _("Add contact"),
        lambda facts: actions.add_contact(
            facts.pop("organization"), by=request.by, at=clock.now(), **facts
        ),
    )  # fmt: skip


def _added(
    request: AuthenticatedRequest, city: City, form: forms.Form | OrganizationForm, title: Any, act: Any
) -> HttpResponse:
    context = {"city": city, "form": form, "title": title}
    if not form.is_valid():
        return render_page(request, "cities/add.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: act(dict(form.cleaned_data)),
        done=city.get_absolute_url(),
        template="cities/add.html",
        context=context,
    )


def get_contact_or_404(request: AuthenticatedRequest, pk: int) -> Contact:
    """Return the contact if the reader may see them, otherwise raise 404."""
    rows = Contact.objects.visible_to(request.by).select_related(
        "user", "city", "organization__city", "introduced_by"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
def contact_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show a contact: their organization, skills and load, and what changed."""
    person = get_contact_or_404(request, pk)
    context = {
        "contact": person,
        "deputies": person.deputies.select_related("user").order_by("pk"),
        "families": [name for code, name in product_families.get().choices if code in person.families],
        "checks": [name for code, name in check_kinds.get() if code in person.checks],
        "languages": [name for code, name in settings.LANGUAGES if code in person.languages],
        "holidays": _holidays_of(person),
        "suggested": suggest_reading(person.user.name),
        "greeted": salutation(person, reader_language()),
        "title": person.title_in(reader_language()) or person.title,
        "titles": [
            (language, getattr(person, f"title_{language}"))
            for language in ("en", "fr", "zh")
            if getattr(person, f"title_{language}")
        ],
        "is_away": person.is_away(local_day_of(person, clock.now())),
        "powers": request.by,
        "sees_details": may_see_details(request.by, person),
    }
    return render_page(request, "contacts/detail.html", context | activity_context(request, person))


def _holidays_of(person: Contact) -> str:
    """Return the name of the country, or of country and province, whose public holidays they have."""
    country, _dash, part = person.holiday_country.partition("-")
    names = (country_label(country), subdivision_label(person.holiday_country) if part else "")
    return " · ".join(filter(None, names)) if country else ""


@login_required
def contact_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Make a move of a contact, by a button or a form on their page."""
    return run_move(request, get_contact_or_404(request, pk), verb, CONTACT_MOVE_OPTIONS)


CONTACT_MOVE_OPTIONS = move_options(
    CONSENT_TO_INQUIRIES,
    CONFIRM_WORKPLACE,
    MoveOption(CORRECT, form=ContactForm),
    MoveOption(SET_ABSENCE, form=AbsenceForm, hint=_("Leave the date blank if this person is back.")),
    MoveOption(ADD_DEPUTY, form=AddDeputyForm),
    MoveOption(REMOVE_DEPUTY, form=RemoveDeputyForm),
    MoveOption(
        CHANGE_EMAIL_ADDRESS,
        form=EmailAddressForm,
        hint=_(
            "We will write to the new address immediately. If it belongs to someone else, they can tell "
            "us. Earlier links will stop working."
        ),
    ),
    MoveOption(
        SUGGEST_CHANGE,
        hint=_(
            "Your message is emailed to the contact. Only the contact or their own city can make the change."
        ),
    ),
    MoveOption(
        STOP_CITY_INQUIRIES,
        hint=_(
            "This ends your city’s open inquiries and checks with this person. The contact, and every city "
            "waiting for a reply, will see your name and reason. Other cities can still ask this contact."
        ),
    ),
    RESUME_CITY_INQUIRIES,
    MoveOption(
        OPT_OUT,
        form=OptionalReasonForm,
        hint=_("You will receive no more requests. Only you can change this."),
    ),
    OPT_IN,
)

"""Offices and contacts on pages: added by cities that invite them, changed by them or by the contact; each contact with a history."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners import above
from partners.actions import people
from partners.actions.people import (
    confirm_place,
    correct_contact,
    drop_deputy,
    go_away,
    name_deputy,
    new_address,
    resume_for_city,
    stop_for_city,
    suggest_change,
)
from partners.labels import country_label, subdivision_label
from partners.models.cities import City
from partners.models.people import Contact, Organisation
from partners.roles import Power
from partners.rules.hours import today_of
from partners.rules.people import order_of
from partners.rules.trust import sees_details
from partners.visit import Visit, only
from partners.web import cities, record
from partners.web.fields import HolidaysField, LanguagesField
from workflow import clock
from workflow.clock import real_now
from workflow.doors.bounds import MOST_TASKS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form, word_form


class Office(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """An organisation of a city."""

    class Meta:
        model = Organisation
        fields = ("kind", "name_en", "name_fr", "name_local", "address", "phone")


class Details(Edit):
    """What a contact does and when, as they or who invited them may change it."""

    title = forms.CharField(label=_("Title"), required=False, max_length=120)
    name_order = forms.ChoiceField(label=_("Name order"), choices=Contact.NameOrder)
    languages = LanguagesField(label=_("Languages they read"), required=False)
    families = forms.MultipleChoiceField(
        label=_("Products they know"), required=False, widget=forms.CheckboxSelectMultiple
    )
    checks = forms.MultipleChoiceField(
        label=_("Checks they can make"), required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    wechat = forms.CharField(label=_("WeChat"), required=False, max_length=60)
    working_from = forms.TimeField(
        label=_("Working hours from"), required=False, help_text=_("For example 09:00.")
    )
    working_until = forms.TimeField(label=_("Until"), required=False)
    holiday_country = HolidaysField(label=_("Public holidays of"), required=False)
    task_limit = QuantityField(
        label=_("Most open questions at once"), min_value=0, max_value=MOST_TASKS, initial=5
    )

    def __init__(self, data: Any, contact: Contact | None = None) -> None:
        names = [name for name in Details.base_fields if contact is not None]
        super().__init__(data, initial={name: getattr(contact, name) for name in names})
        for name, choices in (("families", above.families()), ("checks", above.checks())):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # declared above
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Working hours have both ends or none."""
        cleaned = self.cleaned_data
        if (cleaned.get("working_from") is None) != (cleaned.get("working_until") is None):
            self.add_error("working_until", _("Give both ends of the working hours, or neither."))
        return cleaned


class NewContact(Details):
    """Somebody to be asked whether they may be asked."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Office"))
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(
        label=_("Write to them in"),
        required=False,
        choices=[("", _("The language of the place")), *settings.LANGUAGES],
    )
    field_order = ("organisation", "name", "email", "language", "title", "name_order")

    def __init__(self, data: Any, city: City) -> None:
        super().__init__(data)
        office = self.fields["organisation"]
        assert isinstance(office, forms.ModelChoiceField)  # declared above
        office.queryset = city.organisations.select_related("city").order_by("kind", "pk")
        self.initial["name_order"] = order_of(city.country)


class Away(Edit):
    """Until when somebody is away."""

    until = DayField(label=_("Away until"), required=False)

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data, initial={"until": contact.away_until})


class Address(forms.Form):
    """Where to write instead."""

    email = forms.EmailField(label=_("E-mail"))

    def __init__(self, data: Any, _contact: Contact) -> None:
        super().__init__(data)


class Deputy(forms.Form):
    """Who answers instead."""

    deputy = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"))

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        colleagues = Contact.objects.answering().known_to(contact.city).filter(city=contact.city_id)
        colleagues = colleagues.exclude(user=contact.user_id)
        field.queryset = colleagues.select_related("user").order_by("pk")


class FormerDeputy(forms.Form):
    """Who stands in no longer."""

    deputy = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"))

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = contact.deputies.select_related("user").order_by("pk")


@login_required
def add_organisation(request: Visit, slug: str) -> HttpResponse:
    """Add an office to a city of one's own or to a partner city."""
    city = cities.find(request, slug)
    only(request, Power.INVITE_CONTACT, city)
    form = Office(request.POST or None)
    return _added(
        request, city, form, _("Add an office"),
        lambda facts: people.add_organisation(city, by=request.by, at=clock.now(), **facts),
    )  # fmt: skip


@login_required
def add_contact(request: Visit, slug: str) -> HttpResponse:
    """Name somebody at an office of the city; they get one message that asks whether they agree."""
    city = cities.find(request, slug)
    only(request, Power.INVITE_CONTACT, city)
    form = NewContact(request.POST or None, city)
    return _added(
        request, city, form, _("Add a contact"),
        lambda facts: people.add_contact(
            facts.pop("organisation"), by=request.by, at=clock.now(), **facts
        ),
    )  # fmt: skip


def _added(request: Visit, city: City, form: forms.Form | Office, title: Any, act: Any) -> HttpResponse:
    context = {"city": city, "form": form, "title": title}
    if not form.is_valid():
        return show(request, "partners/add.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: act(dict(form.cleaned_data)),
        done=city.get_absolute_url(),
        template="partners/add.html",
        context=context,
    )


def find(request: Visit, pk: int) -> Contact:
    """The contact, as far as the reader may see them."""
    rows = Contact.objects.visible_to(request.by).select_related(
        "user", "city", "organisation__city", "introduced_by"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
def contact(request: Visit, pk: int) -> HttpResponse:
    """One contact: where they sit, what they can do, how busy they are, and what changed."""
    person = find(request, pk)
    context = {
        "contact": person,
        "deputies": person.deputies.select_related("user").order_by("pk"),
        "families": [name for code, name in above.families() if code in person.families],
        "checks": [name for code, name in above.checks() if code in person.checks],
        "languages": [name for code, name in settings.LANGUAGES if code in person.languages],
        "holidays": _holidays_of(person),
        "is_away": person.is_away(today_of(person, clock.now())),
        "powers": request.by,
        "sees_details": sees_details(request.by, person),
    }
    return show(request, "partners/contact.html", context | record.of(request, person))


def _holidays_of(person: Contact) -> str:
    """The country, or the country and its part, whose public holidays they keep, in words."""
    country, _dash, part = person.holiday_country.partition("-")
    names = (country_label(country), subdivision_label(person.holiday_country) if part else "")
    return " · ".join(filter(None, names)) if country else ""


@login_required
def move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A button or a form of a contact's page."""
    return make(request, find(request, pk), verb, STEPS)


def _who(request: Visit) -> dict[str, Any]:
    return {"by": request.by, "at": clock.now()}


STEPS = {
    "confirm": Step(lambda request, person: people.confirm(person, **_who(request))),
    "confirm_place": Step(lambda request, person: confirm_place(person, **_who(request))),
    "correct": Step(
        lambda request, person, **facts: correct_contact(person, **_who(request), **facts),
        form=Details,
    ),
    "go_away": Step(
        lambda request, person, until: go_away(person, until, **_who(request)),
        form=Away,
        hint=_("Leave the day empty when they are back."),
    ),
    "name_deputy": Step(
        lambda request, person, deputy: name_deputy(person, deputy, **_who(request)), form=Deputy
    ),
    "drop_deputy": Step(
        lambda request, person, deputy: drop_deputy(person, deputy, **_who(request)),
        form=FormerDeputy,
    ),
    "new_address": Step(
        lambda request, person, email: new_address(person, email, real_at=real_now(), **_who(request)),
        form=Address,
        hint=_("They are written to there at once, and may say that they are somebody else. Old links end."),
    ),
    "suggest_change": Step(
        lambda request, person, reason: suggest_change(person, reason=reason, **_who(request)),
        form=reason_form,
        hint=_("The contact gets your words by mail. The contact or their own city makes the change."),
    ),
    "stop_for_city": Step(
        lambda request, person, reason: stop_for_city(person, reason=reason, **_who(request)),
        form=reason_form,
        hint=_(
            "This ends your city’s open questions and checks to this person. The contact and every city that waits for their answer "
            "read your name and your reason. Other cities go on asking."
        ),
    ),
    "resume_for_city": Step(lambda request, person: resume_for_city(person, **_who(request))),
    "stop": Step(
        lambda request, person, reason: people.stop(person, reason=reason, **_who(request)),
        form=word_form,
        hint=_("You are asked nothing more, and only you can change that."),
    ),
    "resume": Step(lambda request, person: people.resume(person, **_who(request))),
}

urlpatterns = [
    path("cities/<slug:slug>/offices/add/", add_organisation, name="add_organisation"),
    path("cities/<slug:slug>/contacts/add/", add_contact, name="add_contact"),
    path("contacts/<int:pk>/", contact, name="contact"),
    path("contacts/<int:pk>/<slug:verb>/", move, name="contact_move"),
]

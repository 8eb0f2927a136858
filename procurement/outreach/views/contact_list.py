"""List of the contacts in the reader's partner cities, with their last inquiries."""

from typing import ClassVar

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from partners.authenticated_requests import AuthenticatedRequest
from partners.contacts.models import Contact, Organization
from partners.list_filters import city_name_condition
from partners.permissions.permissions import Permissions
from procurement.exports.list_columns import CONTACT_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.outreach.models.inquiries import Inquiry
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.days import reader_day
from workflow.http.lists import ListFilterForm, ListPage, register_list
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.query_expressions import order_by_moment, order_by_text

WAITING, FREE = "waiting", "free"


class ContactFilterForm(ListFilterForm):
    """Form that filters the list of contacts."""

    always_shown_fields = ("q", "waits")
    lookups: ClassVar = {
        "city": city_name_condition("city"),
        "office": "organization__kind",
        "language": "user__language",
        "waits": lambda value, _by: Q(waiting__gt=0) if value == WAITING else Q(waiting=0),
        "status": "status",
        "away": lambda _value, _by: Q(away_until__gte=reader_day(clock.now())),
    }

    q = forms.CharField(label=_("Name, title or office"), required=False, max_length=200)
    waits = forms.ChoiceField(
        label=_("Requests"),
        required=False,
        choices=[("", _("Any")), (WAITING, _("With an open request")), (FREE, _("Without an open request"))],
    )
    city = forms.CharField(label=_("City"), required=False, max_length=80)
    office = forms.ChoiceField(
        label=_("Type of office"), required=False, choices=[("", _("Any")), *Organization.Kind.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any")), *Language.choices]
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Contact.Status.choices]
    )
    away = forms.BooleanField(label=_("Only contacts who are away"), required=False)

    sorts = (
        ("city", _("City")),
        ("name", _("Name")),
        ("asked", _("Last asked")),
        ("-waits", _("Open requests")),
    )


def partner_contacts(by: Permissions) -> QuerySet[Contact]:
    """Return the contacts of the reader's partner cities, or all visible ones for a reader without any.

    Annotates `last_asked` and `waiting`, the number of open requests: inquiries and checks that the reader may see.
    """
    rows = Contact.objects.visible_to(by).select_related("user", "city", "organization__city")
    if by.partner_cities:
        rows = rows.filter(city__in=by.partner_cities)
    asked = Inquiry.objects.visible_to(by).filter(contact=OuterRef("pk"))
    checks = VerificationTask.objects.visible_to(by).filter(contact=OuterRef("pk"))
    return rows.annotate(
        last_asked=Greatest(_newest_subquery(asked, "sent_at"), _newest_subquery(checks, "offered_at")),
        waiting=_count_subquery(asked.awaiting_reply()) + _count_subquery(checks.waiting()),
    )


def _newest_subquery(rows: QuerySet[Inquiry] | QuerySet[VerificationTask], column: str) -> Subquery:
    known = rows.filter(**{f"{column}__isnull": False})
    return Subquery(known.order_by(f"-{column}").values(column)[:1])


def _count_subquery(rows: QuerySet[Inquiry] | QuerySet[VerificationTask]) -> Coalesce:
    counted = rows.order_by().values("contact").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@login_required
def contacts(request: AuthenticatedRequest) -> HttpResponseBase:
    """List the contacts of the reader's partner cities, by city or as sorted, as a page, CSV or XLSX."""
    form, rows = CONTACT_LIST_PAGE.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return contacts_file(request, rows, request.GET["as"])
    return _list_page(request, form, rows)


def _list_page(request: AuthenticatedRequest, form: ListFilterForm, rows: QuerySet[Contact]) -> HttpResponse:
    context = {
        "page": paginate(request, rows, CONTACT_LIST_PAGE.orders, order="city"),
        "filters": form,
        "today": reader_day(clock.now()),
        "sees": request.by.visible_cities,
        "chips": [
            (_("Your partner cities"), reverse("cities"), False),
            (_("All cities"), f"{reverse('cities')}?all=1", False),
            (_("Contacts"), reverse("contacts"), True),
        ],
    }
    return render_page(request, "outreach/contacts.html", context)


contacts_file = list_file_writer("contacts", CONTACT_COLUMNS)
CONTACT_LIST_PAGE = register_list(
    ListPage(
        "contacts",
        rows=partner_contacts,
        form=ContactFilterForm,
        orders={
            "city": order_by_text("city__name_en"),
            "name": order_by_text("user__name_latin", "user__name"),
            "asked": order_by_moment("last_asked"),
            "waits": "waiting",
        },
        default_order="city",
        download=contacts_file,
    )
)

"""Pages of the help section: guides by role, glossary, keyboard shortcuts, permissions.

They hold no data of a city, so everyone may read them.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from partners.memberships.models import Membership
from partners.memberships.roles import CONTACT_POWERS, ROLE_DEFINITIONS
from partners.powers import Power
from procurement.help.glossary import chapters
from procurement.help.guides import CONTACT_GUIDE, GUIDES, POWER_LABELS, GuideStep, powers_of_role
from procurement.help.webhooks import EXAMPLE_EVENT, VERIFICATION_CODE, event_types
from workflow.formatting import reader_language
from workflow.http.pages import render_page
from workflow.templatetags.frame import nav_keys


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Show the contents of the help section, the reader's own roles first."""
    own = _own_roles(request.user.pk) if request.user.is_authenticated else frozenset()
    roles = [
        (role, role.label, ROLE_DEFINITIONS[role].description, role in own) for role in ROLES_IN_GUIDE_ORDER
    ]
    roles.sort(key=lambda row: not row[-1])
    return render_page(request, "help/index.html", {"roles": roles})


ROLES_IN_GUIDE_ORDER = tuple(Membership.Role(role) for role in GUIDES)


def _own_roles(user_id: int) -> frozenset[str]:
    return frozenset(Membership.objects.active().filter(user=user_id).values_list("role", flat=True))


@require_safe
def role_guide(request: HttpRequest, role: str) -> HttpResponse:
    """Show the daily tasks and the permissions of a role. 404 for an unknown role."""
    if role not in GUIDES:
        raise Http404
    may = [label for power, label in POWER_LABELS.items() if power in powers_of_role(role)]
    context = {
        "role": Membership.Role(role),
        "about": ROLE_DEFINITIONS[role].description,
        "steps": [(step, _address(step, request)) for step in GUIDES[role]],
        "may": may,
    }
    return render_page(request, "help/role.html", context)


def _address(step: GuideStep, request: HttpRequest) -> str:
    """Return the page where a step is done, for a page of a city in the reader's own; empty if there is none."""
    if not step.url_name or not request.user.is_authenticated:
        return ""
    if not step.is_city_page:
        return reverse(step.url_name)
    slug = Membership.objects.active().filter(user=request.user.pk).values_list("city__slug", flat=True)
    mine = slug.exclude(city=None).order_by("city__name_en", "pk").first()
    return reverse(step.url_name, args=[mine]) if mine else ""


@require_safe
def contact_guide(request: HttpRequest) -> HttpResponse:
    """Show how a contact answers by link, in the frame of a contact's pages."""
    return render_page(request, "help/contact.html", {"steps": [(step, "") for step in CONTACT_GUIDE]})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the terms in three languages, the reader's own first, by chapter."""
    mine = reader_language()
    return render_page(request, "help/glossary.html", {"chapters": chapters(), "mine": mine})


@require_safe
def keyboard_shortcuts(request: HttpRequest) -> HttpResponse:
    """Show the keyboard shortcuts. The key "?" requests them by htmx as a panel, without the rest of the page."""
    return render_page(request, "help/keys.html#sheet", {"places": nav_keys(request)})


@require_safe
def role_permissions(request: HttpRequest) -> HttpResponse:
    """Show which roles have each permission, from the table that the rules themselves use."""
    rows = [
        (
            label,
            [role.label for role in ROLES_IN_GUIDE_ORDER if power in powers_of_role(role)],
            power in CONTACT_POWERS,
            power in (Power.SUBMIT_DOCUMENTS, Power.CONFIRM_ORDER),
        )
        for power, label in POWER_LABELS.items()
    ]
    return render_page(request, "help/who_can.html", {"rows": rows})


@require_safe
def webhooks_guide(request: HttpRequest) -> HttpResponse:
    """Show how another system receives, verifies and answers webhooks, and catches up after an outage."""
    context = {"example": EXAMPLE_EVENT, "code": VERIFICATION_CODE, "kinds": event_types()}
    return render_page(request, "help/webhooks.html", context)

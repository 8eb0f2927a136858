"""Pages of certificate types by market: their proof, its limits, and where to verify a certificate."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.catalogue.forms import CertificateTypeFilterForm
from procurement.catalogue.models.certificates import CertificateType
from procurement.suppliers.forms.certificates import certificate_types_by_market
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.pages import render_page

# The searched columns: names, use and number format, in every language.
SEARCHED_FIELDS = (
    *("code", "name_en", "name_fr", "name_zh", "issuer", "number_hint"),
    *("applies_to_en", "applies_to_fr", "applies_to_zh", "proves_en", "proves_fr", "proves_zh"),
)


@dataclass(frozen=True)
class CertificateTypeFact:
    """Fact about a certificate type. `is_unsourced`: True for a fact from memory."""

    label: LazyText
    text: str
    is_unsourced: bool
    links: tuple[str, ...] = ()


def certificate_type_facts(kind: CertificateType) -> list[CertificateTypeFact]:
    """Return the known facts about a certificate type. `is_unsourced` marks those from memory."""
    example = ", ".join(kind.number_examples)
    rows: tuple[tuple[LazyText, str, str], ...] = (
        (_("Issued by"), kind.issuer, "issuer"),
        (_("Applies to"), kind.applies_to, "applies_to_en"),
        (_("Proves"), kind.proves, "proves_en"),
        (_("Does not prove"), kind.does_not_prove, "does_not_prove_en"),
        (_("Red flags"), kind.red_flags, "red_flags_en"),
        (_("Number format"), kind.number_hint, "number_regex"),
        (_("Example"), example, "number_examples"),
        (_("Check digit"), kind.get_check_digit_display() if kind.check_digit else "", "check_digit"),
        (_("What the number identifies"), kind.get_number_names_display(), "number_names"),
        (_("How to check it"), kind.how_to_check, "how_to_check_en"),
    )
    found = [
        CertificateTypeFact(label, text, kind.is_unsourced(column)) for label, text, column in rows if text
    ]
    if kind.check_urls:
        links = tuple(url for url in kind.check_urls if url.startswith(("http://", "https://")))
        plain = ", ".join(url for url in kind.check_urls if url not in links)
        found.append(CertificateTypeFact(_("Where to check"), plain, kind.is_unsourced("check_urls"), links))
    return found


@login_required
def certificate_types(request: AuthenticatedRequest) -> HttpResponse:
    """List the certificate types that match the search, by market.

    `?for=` is the supplier that gets the new certificate.
    """
    form, kinds = CertificateTypeFilterForm(request.GET), CertificateType.objects.order_by("code")
    told_of = form.cleaned_data if form.is_valid() else {}
    for word in told_of.get("q", "").split():
        values = Q()
        for column in SEARCHED_FIELDS:
            values |= Q(**{f"{column}__icontains": word})
        kinds = kinds.filter(values)
    wanted = Supplier.objects.visible_to(request.by).filter(reference=told_of.get("for", ""))
    context = {"groups": certificate_types_by_market(list(kinds)), "filters": form, "company": wanted.first()}
    return render_page(request, "catalogue/certificate_type_list.html", context)


@login_required
def certificate_type_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show one certificate type."""
    kind = get_object_or_404(CertificateType, code=code)
    context = {
        "kind": kind,
        "facts": certificate_type_facts(kind),
        "statuses": kind.statuses.started_by_day(reader_day(clock.now())).order_by("code"),
    }
    return render_page(request, "catalogue/certificate_type_detail.html", context)

"""The kinds of papers, found by words and by market; and what each proves, does not prove, and where it is checked."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.models.certificates import CertificateKind
from procurement.suppliers.models.company import Supplier
from procurement.web.suppliers.certificate_form import grouped
from workflow import clock
from workflow.days import reader_day
from workflow.doors.http import show
from workflow.errors import Words

# What a reader may search a kind by: its names, what it is for, how its number looks, in every language.
SEARCHED = (
    *("code", "name_en", "name_fr", "name_zh", "issuer", "number_hint"),
    *("applies_to_en", "applies_to_fr", "applies_to_zh", "proves_en", "proves_fr", "proves_zh"),
)
LONGEST = 100  # characters of a search


class Filters(forms.Form):
    """What a kind is searched by, and the company a certificate is to be added to."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST,
        help_text=_("Words of its name, the goods it is for or its number, in any language."),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["for"] = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)


@dataclass(frozen=True)
class Fact:
    """One thing about a kind: its words, and whether they are from memory."""

    words: Words
    text: str
    remembered: bool
    links: tuple[str, ...] = ()


def facts_of(kind: CertificateKind) -> list[Fact]:
    """What is known of a kind, each with whether it has a source."""
    example = ", ".join(kind.number_examples)
    rows: tuple[tuple[Words, str, str], ...] = (
        (_("Issued by"), kind.issuer, "issuer"),
        (_("For"), kind.applies_to, "applies_to_en"),
        (_("Proves"), kind.proves, "proves_en"),
        (_("Does not prove"), kind.does_not_prove, "does_not_prove_en"),
        (_("Red flags"), kind.red_flags, "red_flags_en"),
        (_("Its number looks like"), kind.number_hint, "number_regex"),
        (_("Example"), example, "number_examples"),
        (_("Check digit"), kind.get_check_digit_display() if kind.check_digit else "", "check_digit"),
        (_("What its number names"), kind.get_number_names_display(), "number_names"),
        (_("How to check it"), kind.how_to_check, "how_to_check_en"),
    )
    found = [Fact(words, text, kind.remembered(column)) for words, text, column in rows if text]
    if kind.check_urls:
        links = tuple(url for url in kind.check_urls if url.startswith(("http://", "https://")))
        plain = ", ".join(url for url in kind.check_urls if url not in links)
        found.append(Fact(_("Where"), plain, kind.remembered("check_urls"), links))
    return found


@login_required
def certificate_kinds(request: Visit) -> HttpResponse:
    """Every kind, by market; narrowed by words. `?for=` is the company a certificate is to be added to."""
    form, kinds = Filters(request.GET), CertificateKind.objects.order_by("code")
    told_of = form.cleaned_data if form.is_valid() else {}
    for word in told_of.get("q", "").split():
        told = Q()
        for column in SEARCHED:
            told |= Q(**{f"{column}__icontains": word})
        kinds = kinds.filter(told)
    wanted = Supplier.objects.visible_to(request.by).filter(reference=told_of.get("for", ""))
    context = {"groups": grouped(list(kinds)), "filters": form, "company": wanted.first()}
    return show(request, "suppliers/certificate_kinds.html", context)


@login_required
def certificate_kind(request: Visit, code: str) -> HttpResponse:
    """One kind of paper."""
    kind = get_object_or_404(CertificateKind, code=code)
    context = {
        "kind": kind,
        "facts": facts_of(kind),
        "standings": kind.standings.begun_by(reader_day(clock.now())).order_by("code"),
    }
    return show(request, "suppliers/certificate_kind.html", context)


urlpatterns = [
    path("certificate-kinds/", certificate_kinds, name="certificate_kinds"),
    path("certificate-kinds/<slug:code>/", certificate_kind, name="certificate_kind"),
]

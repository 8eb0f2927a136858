"""Companies: the list, a company's page, entering one by hand, correcting and merging."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners import places
from partners.models.cities import City
from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from partners.web.fields import CountryField
from procurement.exchange.sheets import COMPANIES
from procurement.leads.models.offer import SupplierLead
from procurement.lists.models.match import ListMatch
from procurement.shipments.gathering.record import record_of
from procurement.suppliers.actions import companies
from procurement.suppliers.actions.merging import merge, part
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.judgement import Standing
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import merging
from procurement.suppliers.rules.merging import Compared
from procurement.suppliers.rules.numbers import number_of
from procurement.web.sheets import sheet, wanted
from procurement.web.suppliers import same
from procurement.web.suppliers.changes import act_of, proposing
from procurement.web.suppliers.showing import facts_of, shown
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, LinesField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Words


class Filters(forms.Form):
    """What a reader may narrow the list by."""

    q = forms.CharField(
        label=_("Search"), required=False, help_text=_("Name in any script, number or reference.")
    )


class Company(Edit):
    """A company's facts."""

    legal_name_local = forms.CharField(
        label=_("Legal name"), max_length=200, help_text=_("As on the licence, in its own script.")
    )
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    country = CountryField(label=_("Country or region"))
    uscc = forms.CharField(
        label=_("Company number"),
        max_length=30,
        required=False,
        help_text=_(
            "USCC in China, BN in Canada, EIN in the United States; in Hong Kong its registry number."
        ),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("not known")), *Supplier.Role.choices], required=False
    )
    founded_on = DayField(label=_("Founded"), required=False)
    place = forms.ModelChoiceField(City.objects.order_by("name_en", "pk"), label=_("City"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False, validators=[places.website])
    referred_by = LinesField(
        label=_("Who referred them"),
        longest=200,
        required=False,
        help_text=_("One person or company a line, first to last."),
    )

    def __init__(self, data: Any, supplier: Supplier | None = None) -> None:
        known = {name: getattr(supplier, name) for name in Company.base_fields} if supplier else None
        super().__init__(data, initial=known)


class Corrected(Company):
    """A company's facts set right, and why: asked for where other cities decide."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )


class Entered(Company):
    """A company's facts as it is entered for the first time."""

    account = forms.CharField(
        label=_("Account number they gave"),
        max_length=60,
        required=False,
        help_text=_("Only to see whether another company has it. Enter the account on the company’s page."),
    )


class Merge(forms.Form):
    """Which row is the same company; then, of each fact in which both differ, which value stays."""

    into = forms.CharField(
        label=_("Reference of the other row"), max_length=20, help_text=_("Such as SU-2020-0001.")
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    def __init__(self, data: Any, supplier: Supplier) -> None:
        super().__init__(data)
        self.supplier, self.rows = supplier, list[Compared]()
        other = Supplier.objects.filter(reference=str((data or {}).get("into", "")).strip().upper()).first()
        if other is None or other.pk == supplier.pk:
            return
        self.rows = merging.compared(supplier, other)
        for row in (row for row in self.rows if row.differ):
            self.fields[f"keep_{row.name}"] = forms.ChoiceField(
                label=capfirst(str(_called(row.name))),
                choices=[
                    (merging.OURS, f"{supplier.reference}: {shown(row.name, row.ours)}"),
                    (merging.THEIRS, f"{other.reference}: {shown(row.name, row.theirs)}"),
                ],
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Which value stays, by fact. Asked once both rows stand side by side."""
        facts = super().clean() or {}
        keep = {name: facts.pop(name) for name in list(facts) if name.startswith("keep_")}
        words = _("Choose which value stays. The other one is kept beside it.")
        if any(keep.values()):
            for name in (name for name, chosen in keep.items() if not chosen):
                self.add_error(name, words)
        elif keep:
            self.add_error(None, words)
        return facts | {"keep": {name.removeprefix("keep_"): chosen for name, chosen in keep.items()}}

    @property
    def alike(self) -> list[tuple[Any, str, str]]:
        """What both rows say alike, or only one of them, beside each other."""
        return [
            (_called(row.name), shown(row.name, row.ours), shown(row.name, row.theirs))
            for row in self.rows
            if not row.differ
        ]

    def clean_into(self) -> Supplier:
        """The company of that reference."""
        found = Supplier.objects.filter(reference=self.cleaned_data["into"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("No company has this reference."))
        return found


def _called(name: str) -> Words:
    """What a column of a company is called."""
    return Supplier._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # a column


@login_required
def suppliers(request: Visit) -> HttpResponseBase:
    """Every listed company, newest first."""
    form = Filters(request.GET)
    rows = (
        Supplier.objects.visible_to(request.by).filter(status=Supplier.Status.LISTED).select_related("place")
    )
    if form.is_valid():
        rows = rows.search(form.cleaned_data["q"])
    if wanted(request):
        return sheet(request, "companies", COMPANIES, rows)
    may_enter = bool(request.by.cities.get(Power.EDIT_SUPPLIER))
    return show(
        request, "suppliers/list.html", {"page": page(request, rows), "filters": form, "may_enter": may_enter}
    )


@login_required
def supplier(request: Visit, reference: str) -> HttpResponse:
    """One company: facts, certificates, accounts, this city's standing and offers, rows that look alike."""
    thing = find(request, reference)
    by, rows = request.by, thing.rows
    said = CompanyFact.objects.visible_to(by).filter(supplier__in=rows).order_by("name", "pk")
    context = {
        "supplier": thing,
        "merged": Supplier.objects.visible_to(by)
        .filter(pk__in=rows)
        .exclude(pk=thing.pk)
        .select_related("entered_by")
        .order_by("pk"),
        "powers": by,
        "certificates": Certificate.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("kind")
        .order_by("pk"),
        "accounts": BankAccount.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("proposed_by", "confirmed_by")
        .order_by("pk"),
        "standings": Standing.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("city")
        .order_by("pk"),
        "leads": SupplierLead.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("product")
        .order_by("-pk")[:20],
        "years": record_of(thing, by.sees),
        "facts": facts_of(thing.current, said.select_related("entered_by", "settled_by")),
        "look_ups": LookUp.objects.visible_to(by)
        .filter(supplier__in=rows)
        .order_by("-answered_on", "-pk")
        .select_related("entered_by"),
        "matches": _matches(request, rows),
        "changes": _changes(request, thing),
        "alike": companies.alike(thing),
        "number": number_of(thing.country),
        "may_check": by.may(Power.JUDGE_LEAD, thing),
        "may_edit": by.may(Power.EDIT_SUPPLIER, thing),
    }
    return show(request, "suppliers/detail.html", context | record.of(request, thing))


def _matches(request: Visit, rows: list[int]) -> QuerySet[ListMatch]:
    """Where it may be on a list, as far as somebody has to know."""
    found = ListMatch.objects.visible_to(request.by).filter(supplier__in=rows)
    return found.exclude(status=ListMatch.Status.GONE).select_related("listed__watch_list").order_by("pk")


def _changes(request: Visit, company: Supplier) -> list[CompanyChange]:
    """What cities propose about it and is not decided, the newest first."""
    rows = CompanyChange.objects.visible_to(request.by).of(company).waiting().order_by("-pk")[:20]
    found = list(rows.select_related("author", "proposed_for"))
    for one in found:
        one.act = act_of(one)  # type: ignore[attr-defined]  # for the template
    return found


@login_required
def enter(request: Visit) -> HttpResponse:
    """Enter a company. Rows that look the same are shown first; entering it all the same is possible."""
    only(request, Power.EDIT_SUPPLIER)
    form = Entered(request.POST or None)
    if not form.is_valid():
        return show(request, "suppliers/enter.html", {"form": form}, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    question = same.asked(request.POST, Supplier(**_kept(facts)), account=facts.pop("account"))
    context = {"form": form, "same": question}
    if question is not None and not question.is_valid():
        return show(request, "suppliers/enter.html", context, status=422 if question.is_bound else 200)
    if question is not None:
        if question.company is not None:
            return redirect(question.company)
        facts["another_because"] = question.cleaned_data["another_because"]
    return attempt(
        request,
        lambda: companies.add(entered_by=request.user, by=request.by, at=clock.now(), **facts),
        done=lambda made: made.get_absolute_url(),
        template="suppliers/enter.html",
        context=context,
    )


def _kept(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "account"}


def find(request: Visit, reference: str) -> Supplier:
    """The company of a reference, as far as the reader may see it."""
    return get_object_or_404(
        Supplier.objects.visible_to(request.by).select_related("place", "entered_by"), reference=reference
    )


def record_on(request: Visit, thing: Supplier, form: forms.Form, title: Any, act: Any) -> HttpResponse:
    """Show a form about a company, or do what it says and go to the company's page."""
    only(request, Power.EDIT_SUPPLIER, thing)
    context = {"thing": thing, "form": form, "title": title}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: act(dict(form.cleaned_data)),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


@login_required
def supplier_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A move on a company."""
    return make(request, find(request, reference), verb, SUPPLIER_STEPS)


SUPPLIER_STEPS = {
    "correct": Step(
        lambda request, thing, **facts: companies.correct(thing, by=request.by, at=clock.now(), **facts),
        form=Corrected,
        propose=proposing("correct"),
    ),
    "merge": Step(
        lambda request, thing, **facts: merge(thing, by=request.by, at=clock.now(), **facts),
        form=Merge,
        template="suppliers/merge.html",
        propose=proposing("merge"),
    ),
    "part": Step(
        lambda request, thing, reason: part(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Its certificates and accounts come back to it. What the other row took over stays there."),
        propose=proposing("part"),
    ),
}


urlpatterns = [
    path("suppliers/", suppliers, name="suppliers"),
    path("suppliers/new/", enter, name="enter_supplier"),
    path("suppliers/<slug:reference>/", supplier, name="supplier"),
    path("suppliers/<slug:reference>/<slug:verb>/", supplier_move, name="supplier_move"),
]

"""Which papers, as of which day: lane, goods, use, bought or given, receiver and mode. The address of the page is its state."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue import gathering
from procurement.catalogue.gathering import Line, consignment_of
from procurement.catalogue.models.facts import Dealing, Receiver, Use
from procurement.catalogue.models.products import Product
from procurement.catalogue.rules.papers import Requirement
from procurement.exchange.sheets import Column
from procurement.shipments.models.shipment import Shipment
from procurement.web.customs_rules.words import doubt, effect
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.days import reader_day
from workflow.doors.forms import DayField
from workflow.doors.http import show
from workflow.known import as_known

FIRST = {
    "origin": "CN",
    "destination": "CA",
    "product": "MASK_SURG",
    "use": Use.MEDICAL,
    "dealing": Dealing.PURCHASE,
    "receiver": "",
    "mode": Shipment.Mode.AIR,
}  # what is asked before somebody asks anything else


def _goods() -> Iterable[Product]:
    """The goods to choose from, by family."""
    return Product.objects.order_by("family", "code")


class Question(forms.Form):
    """What is sent, from where to where, and as of which day."""

    origin = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("From"), help_text=_("A country: CN, CA, US, JP, DE.")
    )
    destination = forms.RegexField(r"^[A-Za-z]{2}$", label=_("To"))
    product = forms.ChoiceField(label=_("Goods"), choices=lambda: [(one.code, one.name) for one in _goods()])
    use = forms.ChoiceField(label=_("Declared use"), choices=Use.choices)
    dealing = forms.ChoiceField(label=_("Bought or given"), choices=Dealing.choices)
    receiver = forms.ChoiceField(
        label=_("Who will use the goods"), choices=[("", _("Not stated")), *Receiver.choices], required=False
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=Shipment.Mode.choices)
    on = DayField(label=_("As of"))

    def clean_origin(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["origin"]).upper()

    def clean_destination(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["destination"]).upper()


COLUMNS: tuple[Column, ...] = (
    (_("Side"), lambda one: one.rule.get_side_display()),
    (_("Paper"), lambda one: one.rule.name),
    (_("paper code"), lambda one: one.paper),
    (_("Sort"), lambda one: one.rule.get_sort_display()),
    (_("Who owes it"), lambda one: one.rule.get_owner_display()),
    (_("Due"), lambda one: one.rule.get_due_before_display()),
    (_("Effect"), lambda one: effect(one.blocks)),
    (_("Why it only warns"), doubt),
    (_("Why"), lambda one: as_known(one.rule.why, reader_day(clock.now()))),
    (_("Confidence"), lambda one: one.rule.get_confidence_display()),
    (_("In force from"), lambda one: one.rule.valid_from),
    (_("In force until"), lambda one: one.rule.valid_to),
    (_("Last confirmed"), lambda one: one.rule.seen_on),
    (_("Source"), lambda one: " ".join(one.backing.sources)),
    (_("Rule"), lambda one: one.rule.code),
)


@login_required
def asked_papers(request: Visit) -> HttpResponseBase:
    """The papers of a lane on a day; or as a file."""
    today = reader_day(clock.now())
    given = {name: value for name, value in request.GET.items() if name in Question.base_fields}
    form = Question(FIRST | {"on": today.isoformat()} | given)
    if not form.is_valid():
        return show(request, "customs_rules/asked.html", {"form": form}, status=422)
    facts = form.cleaned_data
    product = Product.objects.get(code=facts["product"])
    line = Line(product, facts["use"], facts["dealing"])
    consignment = consignment_of(
        [line],
        origin=facts["origin"],
        destination=facts["destination"],
        consignee=facts["receiver"],
        mode=facts["mode"],
        on=facts["on"],
    )
    answer = gathering.answer(consignment, on=facts["on"])
    if wanted(request):
        return sheet(request, "papers", COLUMNS, [*answer.conflicts, *answer.papers])
    context: dict[str, Any] = {
        "form": form,
        "asked": {**facts, "product": product},
        "answer": answer,
        "conflicts": [_shown(one) for one in answer.conflicts],
        "sides": _sides(answer.papers),
        "sheet": urlencode({**form.data, "as": "csv"}),
    }
    return show(request, "customs_rules/asked.html", context)


def address(**facts: Any) -> str:
    """The page for these goods on this lane: only what is known is said."""
    said = {name: str(value) for name, value in facts.items() if value}
    return f"{reverse('asked_papers')}?{urlencode(said)}"


def _shown(one: Requirement) -> dict[str, Any]:
    return {"asked": one, "rule": one.rule, "doubt": doubt(one), "effect": effect(one.blocks)}


def _sides(papers: tuple[Requirement, ...]) -> list[tuple[str, Any, list[dict[str, Any]]]]:
    """The papers by side, export first."""
    names = (("export", _("Export customs")), ("import", _("Import customs")))
    return [(side, name, [_shown(one) for one in papers if one.rule.side == side]) for side, name in names]


urlpatterns = [path("rules/papers/", asked_papers, name="asked_papers")]

"""Papers made from the record: which a shipment or a gift can have, what the others lack, their versions, and whether they agree."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from partners.roles import Power
from partners.visit import Visit
from procurement.catalogue.models.facts import Dealing
from procurement.orders.models.order import Order
from procurement.shipments.actions import made
from procurement.shipments.gathering.papers import standing
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.agreement import Aspect, Difference
from procurement.shipments.rules.made import MAKE
from procurement.web.shipments.shipment import find
from workflow import clock
from workflow.doors import words
from workflow.doors.files.addresses import sign_for
from workflow.doors.files.handing import lead_on, not_by
from workflow.doors.http import attempt, show
from workflow.doors.words import language_of

TEMPLATE = "shipments/papers.html"
ASPECTS = {
    Aspect.PIECES: gettext_lazy("Pieces"),
    Aspect.CARTONS: gettext_lazy("Cartons"),
    Aspect.WEIGHT: gettext_lazy("Gross weight"),
    Aspect.VALUE: gettext_lazy("Value"),
    Aspect.NAME: gettext_lazy("Name of the goods"),
}


class Which(forms.Form):
    """Which paper, of which order in the shipment, in which languages."""

    kind = forms.ChoiceField(choices=MadePaper.Kind)
    tongues = forms.ChoiceField(choices=MadePaper.Tongues)
    order = forms.CharField(required=False, max_length=20)


@login_required
def shipment_papers(request: Visit, reference: str) -> HttpResponse:
    """The papers of a shipment: its own people's; its broker sees those that were made, and customs asks for."""
    thing = find(request, reference)
    if not (request.by.may(Power.SEE, thing) or request.by.may(Power.CLEAR, thing)):
        raise PermissionDenied
    return show(request, TEMPLATE, of_shipment(request, thing))


def of_shipment(request: Visit, thing: Shipment) -> dict[str, Any]:
    """What the page of a shipment's papers shows."""
    made = _seen(request).filter(shipment=thing)
    context: dict[str, Any] = {"shipment": thing, "thing": thing, "make": "make_paper"}
    if not request.by.may(Power.SEE, thing):
        return context | {"made": list(made)}
    record = Record(thing, None, clock.now())
    gifts = [order for order in record.orders if order.kind == Dealing.DONATION]
    letters = list(_seen(request).filter(order__in=gifts, shipment=None)) if gifts else []
    return (
        context | _standing(request, record, list(made), MadePaper.Kind.PACKING, letters) | {"gifts": gifts}
    )


def of_gift(request: Visit, thing: Order) -> dict[str, Any]:
    """What the page of a gift's papers shows; nothing of a purchase, whose papers are those of its shipments."""
    if thing.kind != Dealing.DONATION:
        return {}
    made = _seen(request).filter(order=thing, shipment=None)
    record = Record(None, thing, clock.now())
    return {
        "thing": thing,
        "make": "make_gift_paper",
        **_standing(request, record, list(made), MadePaper.Kind.OFFER),
    }


def _seen(request: Visit) -> Any:
    return MadePaper.objects.visible_to(request.by).select_related("author").order_by("-pk")


def _standing(
    request: Visit,
    record: Record,
    made: list[MadePaper],
    sample: MadePaper.Kind,
    letters: Sequence[MadePaper] = (),
) -> dict[str, Any]:
    whole = standing.standing(record, made, letters)
    closed = MAKE.refusal(request.by, MadePaper(kind=sample, city=record.city), clock.now())
    names = {one.key: one.product.name for one in record.goods}
    return {
        "standing": whole.papers,
        "may_make": closed is None,
        "tongues": MadePaper.Tongues.choices,
        "usual": usual(record),
        "differences": [told(one, names) for one in whole.differences],
    }


def usual(record: Record) -> str:
    """The pair of languages that is customary: China's, where the goods or the gift come from there, and the city's own."""
    french = language_of(record.city.country, record.city.subdivision) == "fr"
    givers = [order.donor_city or order.supplier for order in record.orders]
    if record.from_china or any(one.country == "CN" for one in givers):
        return str(MadePaper.Tongues.ZH_FR if french else MadePaper.Tongues.ZH_EN)
    return str(MadePaper.Tongues.EN_FR)


def told(one: Difference, names: dict[str, str]) -> dict[str, Any]:
    """A difference as the page says it: in what, of which goods, and who says what."""
    said = [(who or _("the record, now"), _value(one.aspect, value)) for who, value in one.said]
    return {"aspect": ASPECTS[one.aspect], "goods": names.get(one.line, ""), "said": said}


def _value(aspect: Aspect, value: Any) -> str:
    if aspect in (Aspect.PIECES, Aspect.CARTONS):
        return words.quantity(value)
    if aspect == Aspect.WEIGHT:
        return f"{value}\xa0kg"
    if aspect == Aspect.VALUE:
        amount, _space, currency = value.partition(" ")
        return words.money(float(amount), currency)
    return str(value)


@login_required
@require_POST
def make_paper(request: Visit, reference: str) -> HttpResponse:
    """Make a paper of a shipment, or of an order's part of it."""
    thing = find(request, reference)
    form = Which(request.POST)
    form.is_valid()
    chosen = form.cleaned_data.get("order")
    inside = Order.objects.filter(lines__shipment_lines__shipment=thing).distinct()
    order = inside.filter(reference=chosen).first() if chosen else None
    return _make(request, form, TEMPLATE, lambda: of_shipment(request, thing), shipment=thing, order=order)


@login_required
@require_POST
def make_gift_paper(request: Visit, reference: str) -> HttpResponse:
    """Make a letter or a certificate of a gift."""
    rows = Order.objects.visible_to(request.by).select_related("city", "supplier", "donor_city")
    thing = get_object_or_404(rows, reference=reference)
    form = Which(request.POST)
    form.is_valid()

    def context() -> dict[str, Any]:
        return {"order": thing, **of_gift(request, thing)}

    return _make(request, form, "orders/gift_papers.html", context, order=thing)


def _make(request: Visit, form: Which, template: str, context: Any, **of: Any) -> HttpResponse:
    return attempt(
        request,
        lambda: made.make_paper(
            form.cleaned_data.get("kind", ""),
            tongues=form.cleaned_data.get("tongues", ""),
            author=request.user,
            by=request.by,
            at=clock.now(),
            **of,
        ),
        done=on_page,
        template=template,
        context=context,
    )


@login_required
def made_paper(request: Visit, reference: str) -> HttpResponse:
    """A paper stands on the page of the papers it belongs to."""
    return redirect(on_page(_made(request, reference)))


def on_page(made: MadePaper) -> str:
    """Its place on that page."""
    name, thing = (
        ("shipment_papers", made.shipment) if made.shipment is not None else ("order_papers", made.order)
    )
    assert thing is not None  # a paper is of something
    return f"{reverse(name, args=[thing.reference])}#{made.reference}"


@login_required
def made_paper_pdf(request: Visit, reference: str) -> HttpResponse:
    """The file: on to an address signed for the reader."""
    made = _made(request, reference)
    signed = sign_for(request.user, str(made))
    return lead_on(reverse("made_paper_pdf_signed", args=[reference, signed]))


@login_required
def made_paper_pdf_signed(request: Visit, reference: str, signed: str) -> HttpResponse:
    """The file as it was printed, to whom the address was signed for: the same bytes each time."""
    made = _made(request, reference)
    no = not_by(request, signed, str(made), reverse("made_paper_pdf", args=[reference]))
    return no or handed(made)


def handed(made: MadePaper, *, shown: bool = False) -> HttpResponse:
    """The bytes as a download, or `shown` in the browser, named by what they are."""
    answer = HttpResponse(bytes(made.print.pdf), content_type="application/pdf")
    name = f"{made.thing.replace(' ', '-')}-{made.kind}-{made.reference}.pdf"
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _made(request: Visit, reference: str) -> MadePaper:
    rows = MadePaper.objects.visible_to(request.by).select_related("shipment", "order")
    return get_object_or_404(rows, reference=reference)


urlpatterns = [
    path("shipments/<slug:reference>/papers/", shipment_papers, name="shipment_papers"),
    path("shipments/<slug:reference>/papers/make/", make_paper, name="make_paper"),
    path("orders/<slug:reference>/papers/make/", make_gift_paper, name="make_gift_paper"),
    path("made-papers/<slug:reference>/", made_paper, name="made_paper"),
    path("made-papers/<slug:reference>/pdf/", made_paper_pdf, name="made_paper_pdf"),
    path(
        "made-papers/<slug:reference>/pdf/<str:signed>/", made_paper_pdf_signed, name="made_paper_pdf_signed"
    ),
]

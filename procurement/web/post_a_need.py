"""Posting a need in four steps, each saved as it is left: what, how many and by when, which standards, who may see it.

Then one page to check everything and post it.
"""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.candidates import suggest
from partners.models import City
from partners.roles import Power
from partners.routing import Place
from partners.visit import Visit, only
from procurement.catalogue.models import Dealing, Product, Standard, Use
from procurement.requests import actions
from procurement.requests.actions import LineFacts
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.web.change_a_need import as_it_is
from procurement.web.requests import find
from workflow import clock
from workflow.doors.forms import DayField, MoneyField, QuantityField
from workflow.doors.http import attempt, show

STEPS = (_("What"), _("How many and by when"), _("Standards"), _("Who may see it"))
LAST = len(STEPS)


class What(forms.Form):
    """Step 1: the product, the use, and a title people will recognise."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("For which city"))
    product = forms.ModelChoiceField(Product.objects.order_by("family", "code"), label=_("Product"))
    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("Such as “N95 respirators for Burnaby Hospital”.")
    )
    declared_use = forms.ChoiceField(
        label=_("Declared use"), choices=Use.choices, widget=forms.RadioSelect, initial=Use.MEDICAL
    )

    def __init__(self, *args: Any, cities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities
        if len(cities) == 1:
            field.initial = cities[0]
            field.widget = forms.HiddenInput()


class Pieces(forms.Form):
    """How many, as people count them."""

    quantity = QuantityField(
        label=_("How many pieces"), min_value=1, help_text=_("Such as 10,000, or 200 boxes of 50.")
    )


class HowMany(Pieces):
    """Step 2: quantity, day and place."""

    needed_by = DayField(label=_("Needed by"))
    deliver_to = forms.CharField(
        label=_("Deliver to"), max_length=300, help_text=_("Name and address of the warehouse.")
    )
    deliver_locode = forms.CharField(
        label=_("UN/LOCODE"), max_length=5, required=False, help_text=_("Such as CAVAN for Vancouver.")
    )
    days_left = forms.IntegerField(
        label=_("Days of supply left"), min_value=0, max_value=3650, required=False
    )
    max_unit_price = MoneyField(label=_("Most a piece may cost, in your currency"), required=False)


class Standards(forms.Form):
    """Step 3: which standards are accepted. Neighbours are shown side by side; none means any."""

    standards = forms.ModelMultipleChoiceField(
        Standard.objects.none(),
        label=_("Accepted standards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "FFP2, KN95, KF94 and N95 are neighbours, not equals: only what you tick counts toward the need."
        ),
    )
    alternatives_allowed = forms.BooleanField(label=_("Other products are welcome too"), required=False)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standards"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = product.standards.order_by("market", "code").distinct()


class Whom(forms.Form):
    """Step 4: how goods may come and who sees the need."""

    accepts = forms.MultipleChoiceField(
        label=_("How may goods come"),
        choices=Dealing.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=["purchase", "donation"],
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=SupplyRequest.Visibility.choices,
        widget=forms.RadioSelect,
        initial="twins",
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


@login_required
def begin(request: Visit) -> HttpResponse:
    """Step 1 of a new need: leaving it saves the draft."""
    only(request, Power.POST_REQUEST)
    cities = _cities(request)
    form = What(request.POST or None, cities=cities)
    if not form.is_valid():
        return _step(request, form, 1, None, status=422 if form.is_bound else 200)
    facts = form.cleaned_data

    def save() -> SupplyRequest:
        return actions.draft(
            facts["city"],
            title=facts["title"],
            declared_use=facts["declared_use"],
            lines=[LineFacts(product=facts["product"], quantity=1)],
            author=request.user,
            by=request.by,
            at=clock.now(),
            accepts=[Dealing.PURCHASE, Dealing.DONATION],
            notes_language=request.user.language,
        )

    return attempt(
        request,
        save,
        done=lambda need: reverse("write_need", args=[need.reference, 2]),
        template="requests/step.html",
        context=_context(form, 1, None),
    )


@login_required
def write(request: Visit, reference: str, step: int) -> HttpResponse:
    """A step of a draft; leaving it saves it and goes on to the next, the last one to the check page."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    if need.status != SupplyRequest.Status.DRAFT or not 1 <= step <= LAST:
        raise Http404
    line = _first_of(need)
    if line is None and step > 1:
        return redirect("write_need", need.reference, 1)
    form = _form(request, need, line, step)
    if not form.is_valid():
        return _step(request, form, step, need, status=422 if form.is_bound else 200)
    onward = (
        reverse("write_need", args=[need.reference, step + 1])
        if step < LAST
        else reverse("review_need", args=[need.reference])
    )
    return attempt(
        request,
        lambda: _save(request, need, form.cleaned_data),
        done=onward,
        template="requests/step.html",
        context=_context(form, step, need),
    )


@login_required
@require_POST
def again(request: Visit, reference: str) -> HttpResponse:
    """A draft of the same goods for the same place; its dates are new."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    same = {name: getattr(need, name) for name in NEED_FACTS - {"title", "needed_by"}}

    def save() -> SupplyRequest:
        return actions.draft(
            need.city,
            title=need.title,
            lines=[as_it_is(line, needed_by=None, days_left=None) for line in need.lines.all()],
            author=request.user,
            by=request.by,
            at=clock.now(),
            notes_language=need.notes_language,
            **same,
        )

    return attempt(
        request,
        save,
        done=lambda draft: reverse("write_need", args=[draft.reference, 2]),
        template="requests/line.html",
        context={"need": need, "heading": _("Need this again"), "back": need.get_absolute_url()},
    )


@login_required
def review(request: Visit, reference: str) -> HttpResponse:
    """Everything once more before it is posted, with who could be asked then."""
    need = find(request, reference)
    only(request, Power.POST_REQUEST, need)
    line = _first_of(need)
    if line is None:
        return redirect("write_need", need.reference, 1)
    suggested = suggest(
        need.city, Place(), clock.now().date(), family=line.product.family, language=request.user.language
    )
    context = {
        "need": need,
        "lines": need.lines.all(),
        "suggestions": suggested[:5],
        "steps": STEPS,
        "step": LAST,
    }
    if request.method != "POST":
        return show(request, "requests/review.html", context)
    return attempt(
        request,
        lambda: actions.post(need, by=request.by, at=clock.now()),
        done=f"{need.get_absolute_url()}ask/",
        template="requests/review.html",
        context=context,
    )


def _first_of(need: SupplyRequest) -> RequestLine | None:
    """The line these steps write; None for a draft that was begun elsewhere, without saying what."""
    return next(iter(need.lines.all()), None)


def _cities(request: Visit) -> Any:
    mine = request.by.cities.get(Power.POST_REQUEST, frozenset())
    return City.objects.filter(pk__in=mine).order_by("name_en", "pk")


def _form(request: Visit, need: SupplyRequest, line: RequestLine | None, step: int) -> forms.Form:
    data = request.POST or None
    if step == 1 or line is None:
        known: dict[str, Any] = {
            "city": need.city_id,
            "product": line and line.product_id,
            "title": need.title,
            "declared_use": need.declared_use,
        }
        return What(data, cities=_cities(request), initial=known)
    if step == 2:
        known = {name: getattr(need, name) for name in ("needed_by", "deliver_to", "deliver_locode")}
        known |= {"days_left": line.days_left, "max_unit_price": line.max_unit_price}
        known["quantity"] = line.quantity if need.needed_by else None
        return HowMany(data, initial=known)
    if step == LAST:
        return Whom(
            data, initial={"accepts": need.accepts, "visibility": need.visibility, "notes": need.notes}
        )
    ticked = {"standards": list(line.standards.all()), "alternatives_allowed": line.alternatives_allowed}
    return Standards(data, product=line.product, initial=ticked)


def _save(request: Visit, need: SupplyRequest, facts: dict[str, Any]) -> None:
    """Save one step: what belongs to the need on the need, what belongs to its line on the line; further lines stay as they are."""
    at = clock.now()
    own = {name: value for name, value in facts.items() if name in NEED_FACTS}
    if own:
        actions.edit(need, by=request.by, at=at, **own)
    changed = {name: value for name, value in facts.items() if name in LINE_FACTS}
    if not changed:
        return
    lines = [as_it_is(line) for line in need.lines.order_by("position")]
    first = lines[0] if lines else LineFacts(product=changed["product"], quantity=1)
    if changed.get("product", first.product) != first.product:
        changed["standards"] = ()  # what was ticked is of the former product
    actions.set_lines(need, [replace(first, **changed), *lines[1:]], by=request.by, at=at)


LINE_FACTS = frozenset(
    {"product", "quantity", "standards", "days_left", "max_unit_price", "alternatives_allowed"}
)
NEED_FACTS = frozenset(
    {"title", "declared_use", "needed_by", "deliver_to", "deliver_locode", "accepts", "visibility", "notes"}
)


def _step(
    request: Visit, form: forms.Form, step: int, need: SupplyRequest | None, *, status: int
) -> HttpResponse:
    return show(request, "requests/step.html", _context(form, step, need), status=status)


def _context(form: forms.Form, step: int, need: SupplyRequest | None) -> dict[str, Any]:
    back = reverse("write_need", args=[need.reference, step - 1]) if need and step > 1 else reverse("needs")
    return {
        "form": form,
        "steps": STEPS,
        "step": step,
        "need": need,
        "back": back,
        "heading": STEPS[step - 1],
    }


urlpatterns = [
    path("needs/new/", begin, name="post_need"),
    path("needs/<slug:reference>/write/<int:step>/", write, name="write_need"),
    path("needs/<slug:reference>/review/", review, name="review_need"),
    path("needs/<slug:reference>/again/", again, name="need_again"),
]

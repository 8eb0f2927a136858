"""Style guide: every component with sample data, for developers, screenshots and accessibility tests.

For signed-in staff only. Nothing on the page comes from the database, and nothing on it can be
submitted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django_tables2 import Column, TemplateColumn

from partners.cities.models import City
from partners.maps.agreement_map import MapAgreement, draw_map
from partners.maps.clusters import MapPlace
from partners.maps.great_circle import GeoPoint
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.charts.coverage import CoverageSums
from workflow.charts.labels import text_width
from workflow.charts.price_strips import ComparedPrices, PlottedPrice
from workflow.errors import NOT_READY, Refused
from workflow.http.forms import DayField, MomentField, MoneyField, QuantityField
from workflow.http.pages import render_page
from workflow.http.pagination import ListTable

SAMPLE_COVERAGE = CoverageSums(
    quantity=500_000,
    offered=240_000,
    verified_free=80_000,
    allocated=300_000,
    shipped=180_000,
    arrived=120_000,
    released=80_000,
)
SAMPLE_PRICES = ComparedPrices(
    quotes=[
        PlottedPrice("Guangzhou", Decimal("1.92")),
        PlottedPrice("Suzhou", Decimal("2.65")),
        PlottedPrice("Chongqing", Decimal("1.48"), is_out_of_range=True, note="38 % below the median"),
        PlottedPrice("Harbin", Decimal("2.10")),
        PlottedPrice("Xiamen", Decimal("4.80"), is_out_of_range=True, note="102 % above the median"),
    ],
    currency="CAD",
    median=Decimal("2.38"),
    lower_quartile=Decimal("1.60"),
    upper_quartile=Decimal("2.80"),
)
SAMPLE_CITY = City(
    name_en="Burnaby", name_zh="本拿比", country="CA", subdivision="CA-BC", timezone="America/Vancouver"
)
SAMPLE_PARTNER_CITY = City(
    name_en="Zhongshan", name_zh="中山", name_local="中山市", country="CN", timezone="Asia/Shanghai"
)


class SampleLead(NamedTuple):
    """Row of the sample table."""

    supplier: str
    supplier_local_name: str
    quantity: int
    quote: PlottedPrice
    evidence_count: int
    status_object: JournaledModel


class SampleLeadTable(ListTable):
    """Sample of the project's table."""

    supplier = Column()
    city = Column(accessor="quote__label")
    quantity = Column()
    price = Column(accessor="quote__price")
    check = TemplateColumn(
        "{% mini_price_strip record.quote.price table.scale record.quote.is_out_of_range %}",
        verbose_name="Price check",
        orderable=False,
    )
    evidence = TemplateColumn("{% evidence_dots record.evidence_count 6 %}")
    status = TemplateColumn("{% status record.status_object %}", accessor="status_object")
    scale = SAMPLE_PRICES.price_axis
    title_column = "supplier"
    fact_columns = ("quantity", "price", "status")
    numeric_columns = ("quantity", "price")
    caption = "Example leads"


class SampleForm(forms.Form):
    """Form with one field of each kind."""

    supplier = forms.CharField(label="Supplier's name", help_text="As on the business licence.")
    product = forms.ChoiceField(
        label="What can the supplier provide?", choices=[("n95", "N95 / KN95 respirators")]
    )
    pieces = QuantityField(label="How many pieces?")
    price = MoneyField(
        label="Price per piece (CNY)", required=False, help_text="Leave it empty if it is not known yet."
    )
    ready_on = DayField(label="Ready to ship on", required=False)
    leaves_at = MomentField(label="Leaves the factory", zone="Asia/Shanghai", required=False)
    kind = forms.ChoiceField(
        label="Sale or gift?", widget=forms.RadioSelect, choices=[("sale", "Sale"), ("gift", "Gift")]
    )
    facilities = forms.MultipleChoiceField(
        label="For whom",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("hospital", "Hospitals"), ("care_home", "Care homes")],
    )
    read = forms.BooleanField(label="I have read the message as it will be sent", help_text="Asked once.")
    photos = forms.FileField(
        label="Photo of the licence", required=False, help_text="JPEG, PNG or WebP, up to 10 MB."
    )
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)


class SampleFilterForm(forms.Form):
    """Sample filter form above a list."""

    q = forms.CharField(label="Search", required=False)
    state = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), ("open", "Open")])


@dataclass(frozen=True)
class SampleMove:
    """Sample of a move (a change of status with its button), without a model behind it."""

    verb: str
    label: str


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the style guide. `?errors` shows the form with errors."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    now = clock.now()
    context = {
        "line": SAMPLE_COVERAGE,
        "nothing_yet": CoverageSums(quantity=120_000),
        "prices": SAMPLE_PRICES,
        "few_prices": ComparedPrices(SAMPLE_PRICES.quotes[:2], "CAD"),
        "burnaby": SAMPLE_CITY,
        "zhongshan": SAMPLE_PARTNER_CITY,
        "form": SampleForm({}) if "errors" in request.GET else SampleForm(),
        "filter_form": SampleFilterForm(),
        "now": now,
        "price": Decimal("1.92"),
        **_sample_lists(now),
    }
    return render_page(request, "practice/styleguide/page.html", context)


def _sample_lists(now: datetime) -> dict[str, Any]:
    return {
        "table": SampleLeadTable(_sample_leads()),
        "statuses": objects_of_every_status(),
        "journey_steps": _sample_steps(now),
        "map": draw_map(_sample_agreements(), text_width),
        "wizard_steps": ["What", "How many and by when", "Standards", "Whom to ask"],
        "buttons": [
            (SampleMove("depart", "Depart"), "#", False, True),
            (SampleMove("cancel", "Cancel"), "#", True, False),
        ],
        "closed": [(SampleMove("deliver", "Deliver"), _sample_refusal())],
        "eyes": [
            {"slot": "First person", "name": "Chen Jing", "what": "Checked the licence", "at": now},
            {"slot": "Second person", "what": "reviewed", "waits": "Still open"},
        ],
        "chips": [("All", "#", True), ("Lands in 48 h", "#", False), ("Held", "#", False)],
    }


def objects_of_every_status() -> list[JournaledModel]:
    """Return one unsaved object for each status of each model that has statuses, to show every label."""
    models = [model for model in apps.get_models() if issubclass(model, JournaledModel)]
    return [model(status=value) for model in models for value in model.Status.values]  # type: ignore[attr-defined]  # every JournaledModel nests one


def _sample_refusal() -> Refused:
    return Refused(NOT_READY, "The certificate of origin is missing. The forwarder has it.")


def _sample_leads() -> list[SampleLead]:
    things = [thing for thing in objects_of_every_status() if thing._meta.model_name == "supplierlead"]
    return [
        SampleLead(
            f"{quote.label} Medical Supplies Co. (DEMO)",
            "",
            40_000 * (number + 1),
            quote,
            number + 1,
            things[number],
        )
        for number, quote in enumerate(SAMPLE_PRICES.quotes)
    ]


def _sample_steps(now: datetime) -> list[dict[str, Any]]:
    rows = [
        ("package-check", "Picked up", -5, "done", "actual"),
        ("file-check", "Export cleared", -4, "done", "actual"),
        ("plane-takeoff", "Departed", -3, "done", "actual"),
        ("stamp", "Import clearance", -1, "now", "expected"),
        ("truck", "Delivered", 3, "ahead", "planned"),
    ]
    return [
        {
            "icon": icon,
            "label": label,
            "zone": "Asia/Shanghai",
            "by": "",
            "note": "",
            "state": state,
            kind: now + timedelta(days=days),
            "place": "Zhongshan",
        }
        for icon, label, days, state, kind in rows
    ]


def _sample_agreements() -> list[MapAgreement]:
    def place(name: str, latitude: float, longitude: float) -> MapPlace:
        return MapPlace(name, GeoPoint(latitude, longitude))

    return [
        MapAgreement(place("Burnaby", 49.25, -122.95), place("Zhongshan", 22.52, 113.38), "active"),
        MapAgreement(place("Markham", 43.87, -79.26), place("Wuhan", 30.58, 114.27), "unknown"),
        MapAgreement(place("Lethbridge", 49.70, -112.83), place("Anyang", 36.10, 114.33), "undated"),
    ]

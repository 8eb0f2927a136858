"""Reading data/*.csv into rows that are not saved yet. Pure: files in, rows out, or a refusal that names file, row and column.

A list in a cell is parted by "|". A cell of a link holds the code of the row it names. An empty date is unknown, not always.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, CharField, Field, ForeignKey, TextField
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Fact
from procurement.catalogue.models.points import InspectionPoint
from procurement.catalogue.models.prices import DutyRate, FreightAnchor, PriceBand
from procurement.catalogue.models.products import Product, ProductMarket, ProductStandard, TariffCode
from procurement.catalogue.models.questions import CheckQuestion
from procurement.catalogue.models.standards import Acceptance, Ground, Standard
from workflow.errors import Refused, Words

type Column = Field[Any, Any]

DATA = Path(__file__).parent / "data"

# In this order: a file may name rows of the files before it.
SHEETS: dict[str, type[Fact]] = {
    "standards.csv": Standard,
    "grounds.csv": Ground,
    "acceptance.csv": Acceptance,
    "products.csv": Product,
    "product_markets.csv": ProductMarket,
    "product_standards.csv": ProductStandard,
    "tariff_codes.csv": TariffCode,
    "certificate_kinds.csv": CertificateKind,
    "certificate_standings.csv": CertificateStanding,
    "notified_bodies.csv": NotifiedBody,
    "customs_rules.csv": CustomsRule,
    "duty_reliefs.csv": DutyRelief,
    "price_bands.csv": PriceBand,
    "freight_anchors.csv": FreightAnchor,
    "duty_rates.csv": DutyRate,
    "check_questions.csv": CheckQuestion,
    "inspection_points.csv": InspectionPoint,
}


@dataclass(frozen=True)
class Place:
    """Where in a file something is wrong. Row 1 is the heading, as a spreadsheet counts."""

    file: str
    row: int

    def refusal(self, column: str, reason: Words) -> Refused:
        """The refusal of a load: it says where to look, so that a person can mend it."""
        words = _("%(file)s, row %(row)s, column %(column)s: %(reason)s")
        where = {"file": self.file, "row": self.row, "column": column}
        return Refused("bad_reference_data", words % {**where, "reason": reason}, **where)


@dataclass(frozen=True)
class Line:
    """One row of a file: its facts by field, the codes its links name, and where it stands."""

    place: Place
    model: type[Fact]
    facts: dict[str, Any]
    links: dict[str, str]

    @property
    def code(self) -> str:
        """The natural key."""
        return str(self.facts["code"])

    def build(self, keys: dict[type[Fact], dict[str, int]]) -> Fact:
        """The row, its links looked up among the rows known so far. Refuses a link to nothing, and what cannot be true."""
        found = {name: self._key(name, code, keys) for name, code in self.links.items()}
        row = self.model(**self.facts, **found)
        try:
            row.clean()
        except ValidationError as wrong:
            column, reasons = next(iter(wrong.message_dict.items()))
            raise self.place.refusal(column, reasons[0]) from wrong
        return row

    def _key(self, name: str, code: str, keys: dict[type[Fact], dict[str, int]]) -> int:
        field = self.model._meta.get_field(name.removesuffix("_id"))
        key = keys.get(field.related_model, {}).get(code)  # type: ignore[arg-type]  # our links all name Facts
        if key is None:
            raise self.place.refusal(
                field.name, _("There is no row with the code “%(code)s”.") % {"code": code}
            )
        return key


def digest(folder: Path) -> str:
    """SHA-256 over the files of a folder, in their order."""
    whole = hashlib.sha256()
    for name in SHEETS:
        whole.update((folder / name).read_bytes())
    return whole.hexdigest()


def lines(folder: Path, name: str) -> list[Line]:
    """The rows of one file. Refuses a file that is missing, and columns and cells that do not fit the model."""
    path = folder / name
    if not path.is_file():
        raise Place(name, 1).refusal("code", _("The file is missing."))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(_parsed(name, csv.DictReader(file)))


def _parsed(name: str, reader: csv.DictReader[str]) -> Iterator[Line]:
    model = SHEETS[name]
    fields = _fields(model, reader.fieldnames or (), Place(name, 1))
    seen: set[str] = set()
    for cells in reader:
        place = Place(name, reader.line_num)
        if None in cells or None in cells.values():
            raise place.refusal("code", _("The row has more or fewer cells than the heading."))
        line = _line(place, model, fields, cells)
        if line.code in seen:
            raise place.refusal(
                "code", _("The code “%(code)s” stands in the file twice.") % {"code": line.code}
            )
        seen.add(line.code)
        yield line


def _fields(model: type[Fact], columns: Iterable[str], place: Place) -> dict[str, Column]:
    known = {
        field.name: field for field in model._meta.concrete_fields if field.editable and not field.primary_key
    }
    strange = [column for column in columns if column not in known]
    if strange:
        raise place.refusal(strange[0], _("There is no such column."))
    if "code" not in columns:
        raise place.refusal("code", _("The column is missing."))
    return {column: known[column] for column in columns}


def _line(place: Place, model: type[Fact], fields: dict[str, Column], cells: dict[str, str]) -> Line:
    facts: dict[str, Any] = {}
    links: dict[str, str] = {}
    for column, field in fields.items():
        text = cells[column].strip()
        if isinstance(field, ForeignKey):
            links[field.attname] = text
            continue
        try:
            facts[column] = field.clean(_value(field, text), None)
        except ValidationError as wrong:
            raise place.refusal(column, wrong.messages[0]) from wrong
    return Line(place, model, facts, links)


def _value(field: Column, text: str) -> Any:
    """A cell as the field takes it. Nothing typed is nothing known: the default where there is one, else none."""
    if isinstance(field, ArrayField):
        return [part.strip() for part in text.split("|") if part.strip()]
    if text or isinstance(field, CharField | TextField):
        return text
    return field.get_default() if isinstance(field, BooleanField) or field.has_default() else None

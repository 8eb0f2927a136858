"""Parsing of data/*.csv into unsaved rows. A fault is refused with file, row and column.

"|" separates the items of a list in a cell. A cell that links to another row contains the code of that row. An empty
date means unknown, not always.
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

from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.models.prices import DutyRate, PriceBand, PublishedFreightRate
from procurement.catalogue.models.products import Product, ProductClassification, ProductStandard, TariffCode
from procurement.catalogue.models.reference_rows import ReferenceRow
from procurement.catalogue.models.standards import EquivalenceReason, Standard, StandardEquivalence
from workflow.errors import LazyText, Refused

type Column = Field[Any, Any]

DATA_FOLDER = Path(__file__).parent / "data"

# The order matters: a file may refer to rows of the files before it.
MODELS_BY_FILE: dict[str, type[ReferenceRow]] = {
    "standards.csv": Standard,
    "equivalence_reasons.csv": EquivalenceReason,
    "standard_equivalences.csv": StandardEquivalence,
    "products.csv": Product,
    "product_classifications.csv": ProductClassification,
    "product_standards.csv": ProductStandard,
    "tariff_codes.csv": TariffCode,
    "certificate_types.csv": CertificateType,
    "certificate_type_statuses.csv": CertificateTypeStatus,
    "notified_bodies.csv": NotifiedBody,
    "customs_rules.csv": CustomsRule,
    "duty_reliefs.csv": DutyRelief,
    "price_bands.csv": PriceBand,
    "published_freight_rates.csv": PublishedFreightRate,
    "duty_rates.csv": DutyRate,
    "check_questions.csv": CheckQuestion,
    "inspection_points.csv": InspectionPoint,
}


@dataclass(frozen=True)
class FilePosition:
    """Position of a fault in a file. Row 1 is the heading, as in a spreadsheet."""

    file: str
    row: int

    def refusal(self, column: str, reason: LazyText) -> Refused:
        """Return the refusal of a load, with the file, row and column that a person has to correct."""
        words = _("%(file)s, row %(row)s, column %(column)s: %(reason)s")
        where = {"file": self.file, "row": self.row, "column": column}
        return Refused("bad_reference_data", words % {**where, "reason": reason}, **where)


@dataclass(frozen=True)
class CsvRow:
    """One row of a file: its position, its values by field and the codes of the rows it links to."""

    position: FilePosition
    model: type[ReferenceRow]
    facts: dict[str, Any]
    links: dict[str, str]

    @property
    def code(self) -> str:
        """Natural key of the row."""
        return str(self.facts["code"])

    def build(self, keys: dict[type[ReferenceRow], dict[str, int]]) -> ReferenceRow:
        """Return the unsaved row, with its links resolved by `keys`.

        `keys` holds the primary keys of the rows loaded so far, by model and code. Refuses a link to an unknown
        code and values that the model's `clean` rejects.
        """
        found = {name: self._linked_key(name, code, keys) for name, code in self.links.items()}
        row = self.model(**self.facts, **found)
        try:
            row.clean()
        except ValidationError as wrong:
            column, reasons = next(iter(wrong.message_dict.items()))
            raise self.position.refusal(column, reasons[0]) from wrong
        return row

    def _linked_key(self, name: str, code: str, keys: dict[type[ReferenceRow], dict[str, int]]) -> int:
        field = self.model._meta.get_field(name.removesuffix("_id"))
        key = keys.get(field.related_model, {}).get(code)  # type: ignore[arg-type]  # our links all name Facts
        if key is None:
            raise self.position.refusal(field.name, _("No row has the code “%(code)s”.") % {"code": code})
        return key


def hash_of_files(folder: Path) -> str:
    """Return the SHA-256 of all files of a folder, in the order of `MODELS_BY_FILE`."""
    whole = hashlib.sha256()
    for name in MODELS_BY_FILE:
        whole.update((folder / name).read_bytes())
    return whole.hexdigest()


def read_rows(folder: Path, name: str) -> list[CsvRow]:
    """Return the rows of one file.

    Refuses a missing file, and columns or cells that do not fit the model.
    """
    path = folder / name
    if not path.is_file():
        raise FilePosition(name, 1).refusal("code", _("The file is missing."))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(_parse_file(name, csv.DictReader(file)))


def _parse_file(name: str, reader: csv.DictReader[str]) -> Iterator[CsvRow]:
    model = MODELS_BY_FILE[name]
    fields = _fields_by_column(model, reader.fieldnames or (), FilePosition(name, 1))
    seen: set[str] = set()
    for cells in reader:
        position = FilePosition(name, reader.line_num)
        if None in cells or None in cells.values():
            raise position.refusal("code", _("The row has more or fewer cells than the header row."))
        line = _parse_line(position, model, fields, cells)
        if line.code in seen:
            raise position.refusal(
                "code", _("The code “%(code)s” appears twice in the file.") % {"code": line.code}
            )
        seen.add(line.code)
        yield line


def _fields_by_column(
    model: type[ReferenceRow], columns: Iterable[str], position: FilePosition
) -> dict[str, Column]:
    known = {
        field.name: field for field in model._meta.concrete_fields if field.editable and not field.primary_key
    }
    strange = [column for column in columns if column not in known]
    if strange:
        raise position.refusal(strange[0], _("This column does not exist."))
    if "code" not in columns:
        raise position.refusal("code", _("The column is missing."))
    return {column: known[column] for column in columns}


def _parse_line(
    position: FilePosition, model: type[ReferenceRow], fields: dict[str, Column], cells: dict[str, str]
) -> CsvRow:
    facts: dict[str, Any] = {}
    links: dict[str, str] = {}
    for column, field in fields.items():
        text = cells[column].strip()
        if isinstance(field, ForeignKey):
            links[field.attname] = text
            continue
        try:
            facts[column] = field.clean(_parse_cell(field, text), None)
        except ValidationError as wrong:
            raise position.refusal(column, wrong.messages[0]) from wrong
    return CsvRow(position, model, facts, links)


def _parse_cell(field: Column, text: str) -> Any:
    """Convert the text of a cell to the input that `field.clean` accepts.

    An empty cell gives an empty list or text, else the default of the field, else None.
    """
    if isinstance(field, ArrayField):
        return [part.strip() for part in text.split("|") if part.strip()]
    if text or isinstance(field, CharField | TextField):
        return text
    return field.get_default() if isinstance(field, BooleanField) or field.has_default() else None

"""The catalogue read from its data files into memory, with keys and links, for tests of rules without a database."""

from functools import cache
from typing import Any

from procurement.catalogue import reference_data
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product, ProductClassification, TariffCode
from procurement.catalogue.models.reference_rows import ReferenceRow
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.reference_data import read_rows


@cache
def catalogue_rows() -> dict[type[ReferenceRow], dict[str, Any]]:
    """Return every row, by model and code."""
    rows: dict[type[ReferenceRow], dict[str, Any]] = {}
    keys: dict[type[ReferenceRow], dict[str, int]] = {}
    for name, model in reference_data.MODELS_BY_FILE.items():
        rows[model] = {}
        for number, line in enumerate(read_rows(reference_data.DATA_FOLDER, name), start=1):
            row = line.build(keys)
            row.pk = number
            for attname, code in line.links.items():
                field: Any = model._meta.get_field(attname.removesuffix("_id"))
                setattr(row, field.name, rows[field.related_model][code])
            rows[model][line.code] = row
        keys[model] = {code: row.pk for code, row in rows[model].items()}
    return rows


def make_standard(code: str) -> Standard:
    row: Standard = catalogue_rows()[Standard][code]
    return row


def make_product(code: str) -> Product:
    row: Product = catalogue_rows()[Product][code]
    return row


def make_kind(code: str) -> CertificateType:
    row: CertificateType = catalogue_rows()[CertificateType][code]
    return row


def acceptances() -> list[StandardEquivalence]:
    return list(catalogue_rows()[StandardEquivalence].values())


def statuses() -> list[CertificateTypeStatus]:
    return list(catalogue_rows()[CertificateTypeStatus].values())


def bodies() -> list[NotifiedBody]:
    return list(catalogue_rows()[NotifiedBody].values())


def customs_rules() -> list[CustomsRule]:
    return list(catalogue_rows()[CustomsRule].values())


def codes_of(product_code: str) -> list[TariffCode]:
    return [code for code in catalogue_rows()[TariffCode].values() if code.product.code == product_code]


def classes_of(product_code: str) -> list[ProductClassification]:
    return [
        row for row in catalogue_rows()[ProductClassification].values() if row.product.code == product_code
    ]


def reliefs() -> list[DutyRelief]:
    return list(catalogue_rows()[DutyRelief].values())

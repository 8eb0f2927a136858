"""The catalogue as its files say it, built in memory with keys and links: rules are tested on the real rows, without a database."""

from functools import cache
from typing import Any

from procurement.catalogue import reference
from procurement.catalogue.models.certificates import CertificateKind, CertificateStanding, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Fact
from procurement.catalogue.models.products import Product, ProductMarket, TariffCode
from procurement.catalogue.models.standards import Acceptance, Standard


@cache
def book() -> dict[type[Fact], dict[str, Any]]:
    """Every row by model and code."""
    rows: dict[type[Fact], dict[str, Any]] = {}
    keys: dict[type[Fact], dict[str, int]] = {}
    for name, model in reference.SHEETS.items():
        rows[model] = {}
        for number, line in enumerate(reference.lines(reference.DATA, name), start=1):
            row = line.build(keys)
            row.pk = number
            for attname, code in line.links.items():
                field: Any = model._meta.get_field(attname.removesuffix("_id"))
                setattr(row, field.name, rows[field.related_model][code])
            rows[model][line.code] = row
        keys[model] = {code: row.pk for code, row in rows[model].items()}
    return rows


def make_standard(code: str) -> Standard:
    row: Standard = book()[Standard][code]
    return row


def make_product(code: str) -> Product:
    row: Product = book()[Product][code]
    return row


def make_kind(code: str) -> CertificateKind:
    row: CertificateKind = book()[CertificateKind][code]
    return row


def acceptances() -> list[Acceptance]:
    return list(book()[Acceptance].values())


def standings() -> list[CertificateStanding]:
    return list(book()[CertificateStanding].values())


def bodies() -> list[NotifiedBody]:
    return list(book()[NotifiedBody].values())


def customs_rules() -> list[CustomsRule]:
    return list(book()[CustomsRule].values())


def codes_of(product_code: str) -> list[TariffCode]:
    return [code for code in book()[TariffCode].values() if code.product.code == product_code]


def classes_of(product_code: str) -> list[ProductMarket]:
    return [row for row in book()[ProductMarket].values() if row.product.code == product_code]


def reliefs() -> list[DutyRelief]:
    return list(book()[DutyRelief].values())

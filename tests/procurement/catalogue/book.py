"""The catalogue as its files say it, built in memory with keys and links: rules are tested on the real rows, without a database."""

from collections import defaultdict
from functools import cache
from itertools import count

from procurement.catalogue import reference
from procurement.catalogue.models import (
    Acceptance,
    CertificateKind,
    CertificateStanding,
    CustomsRule,
    Fact,
    NotifiedBody,
    Product,
    Standard,
    TariffCode,
)


@cache
def book() -> dict[type[Fact], dict[str, Fact]]:
    """Every row by model and code."""
    rows: dict[type[Fact], dict[str, Fact]] = {}
    keys: dict[type[Fact], dict[str, int]] = {}
    numbers = defaultdict(lambda: count(1))
    for name, model in reference.SHEETS.items():
        rows[model] = {}
        for line in reference.lines(reference.DATA, name):
            row = line.build(keys)
            row.pk = next(numbers[model])
            for attname, code in line.links.items():
                field = model._meta.get_field(attname.removesuffix("_id"))
                setattr(row, field.name, rows[field.related_model][code])
            rows[model][line.code] = row
        keys[model] = {code: row.pk for code, row in rows[model].items()}
    return rows


def standard(code: str) -> Standard:
    return book()[Standard][code]


def product(code: str) -> Product:
    return book()[Product][code]


def kind(code: str) -> CertificateKind:
    return book()[CertificateKind][code]


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

"""Noting and correcting the certificates a company shows. Judging them is issuer_checks.py's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from procurement.catalogue.formats import Outcome, judge_number
from procurement.catalogue.models import CertificateKind, Product, Standard
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models import Certificate, Supplier
from procurement.suppliers.rules import certificates as rules
from procurement.suppliers.rules.comparing import number_key
from workflow.actors import CLOCK, Actor
from workflow.moves import Move

LONGEST_KEY = 80  # characters: folding makes some signs longer than they were written


def claim(
    supplier: Supplier,
    kind: CertificateKind,
    *,
    number: str,
    entered_by: User,
    standards: Sequence[Standard] = (),
    products: Sequence[Product] = (),
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Certificate:
    """Note a certificate a company shows. Its number's form is judged at once: well formed proves nothing, malformed is suspect.

    Refuses one that ends before it was issued.
    """
    certificate = Certificate(
        supplier=supplier, kind=kind, number=number.strip(), entered_by=entered_by, **facts
    )
    _settle_facts(certificate)
    with transaction.atomic():
        note_change(supplier, at, "needed")
        rules.CLAIM.start(certificate, by=by, at=at)
        certificate.standards.set(standards)
        certificate.products.set(products)
        return _judge_form(certificate, at)


def amend(
    certificate: Certificate,
    *,
    standards: Sequence[Standard] | None = None,
    products: Sequence[Product] | None = None,
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> Certificate:
    """Correct a certificate's facts: it is claimed anew, its number judged again, and the checks that rested on it are made anew.

    The standards and products it names stay as they are where none are given; an empty list takes them away.
    """
    with transaction.atomic():
        changed = ("certificates", rules.paper_fact(certificate.pk))
        with on_its_company(rules.AMEND, certificate, *changed, by=by, at=at, reason=reason) as row:
            for name, value in facts.items():
                setattr(row, name, value)
            _settle_facts(row)
            if standards is not None:
                row.standards.set(standards)
            if products is not None:
                row.products.set(products)
        return _judge_form(certificate, at)


def _settle_facts(certificate: Certificate) -> None:
    """What no paper can claim is refused; the number as it is compared."""
    if (fault := rules.fault(certificate)) is not None:
        raise fault
    certificate.number_key = number_key(certificate.number)[:LONGEST_KEY]


def _judge_form(certificate: Certificate, at: datetime) -> Certificate:
    outcome = judge_number(certificate.kind, certificate.number).outcome
    if outcome is not Outcome.NO_FORMAT:
        move = rules.PASS_FORMAT if outcome is Outcome.OK else rules.SUSPECT
        with move.on(certificate, by=CLOCK, at=at):
            pass
    return certificate


@contextmanager
def on_its_company(
    move: Move[Certificate], certificate: Certificate, *facts: str, by: Actor, at: datetime, reason: str = ""
) -> Iterator[Certificate]:
    """A move of a certificate, its company locked first: the company's offers are judged anew."""
    with transaction.atomic():
        note_change(certificate.supplier, at, *facts)
        with move.on(certificate, by=by, at=at, reason=reason) as row:
            yield row

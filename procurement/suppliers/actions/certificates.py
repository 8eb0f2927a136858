"""Noting and correcting the certificates a company shows. Judging them is issuer_checks.py's."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from procurement.catalogue.formats import Outcome, judge_number
from procurement.catalogue.models.certificates import CertificateKind
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.suppliers.actions import counting
from procurement.suppliers.actions.companies import note_change, note_shared
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules import certificates
from procurement.suppliers.rules.certificates import paper_fact
from procurement.suppliers.rules.comparing import number_key
from procurement.suppliers.rules.relying import on_company
from workflow.actors import CLOCK, Actor
from workflow.moves import Move

NAMED_GOODS = frozenset({"standards", "products"})
MOST_TOLD = (
    20  # companies with one number: a laboratory's is shown by many, and the oldest of them knew before
)
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
    supplier = supplier.current  # what is entered on a row that was merged is the company's
    certificate = Certificate(
        supplier=supplier, kind=kind, number=number.strip(), entered_by=entered_by, **facts
    )
    _settle_facts(certificate)
    asked_by = certificate.inquiry.city_id if certificate.inquiry is not None else None
    with transaction.atomic():
        others = who_show({certificate.number_key}, supplier)
        asked = _withhold(certificate, others, by=by, city_id=asked_by)
        note_shared(
            supplier, others, at, "needed", only=counting.mine(by, asked_by) if certificate.not_for else None
        )
        certificates.CLAIM.start(certificate, by=by, at=at)
        counting.ask(
            certificate, asked, why=certificate.remark, author=entered_by, by=by, at=at, city_id=asked_by
        )
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

    The standards and products it names stay as they are where none are given; an empty list takes them away. What somebody judged
    to be altered, say, stays so until somebody who may judge it says otherwise, and where nothing is other, nothing is made anew.
    """
    goods = {"standards": standards, "products": products}
    with transaction.atomic():
        here = Certificate.objects.get(pk=certificate.pk)
        other = _others(here, facts | goods) - {"remark"}
        keys = {here.number_key, _key(facts.get("number", here.number))}
        changed = ("certificates", paper_fact(here.pk)) if other else ()
        others = who_show(keys, here.supplier)
        only = on_company(here.supplier) - frozenset(here.not_for) if here.not_for else None
        note_shared(here.supplier, others, at, *changed, only=only)
        with certificates.AMEND.on(certificate, by=by, at=at, reason=reason, **_named(here, goods)) as row:
            for name, value in facts.items():
                setattr(row, name, value)
            _settle_facts(row)
            asked = _withhold(row, others, by=by) if "number" in other else frozenset()
            for name, named in goods.items():
                if named is not None:
                    getattr(row, name).set(named)
        if asked and by.user_id is not None:
            author = User.objects.get(pk=by.user_id)
            counting.ask(certificate, asked, why=reason, author=author, by=by, at=at)
        if not other or certificate.status in certificates.DOUBTED:
            return certificate
        if certificate.status in certificates.CLAIM_ANEW.source:
            with certificates.CLAIM_ANEW.on(certificate, by=CLOCK, at=at):
                pass
        return _judge_form(certificate, at)


def _named(certificate: Certificate, goods: Mapping[str, Sequence[Any] | None]) -> dict[str, list[str]]:
    """The standards and products that other ones take the place of, and these, by code: they lie beside the paper's own row."""
    told: dict[str, list[str]] = {}
    for name, named in goods.items():
        before = sorted(one.code for one in getattr(certificate, name).all())
        after = before if named is None else sorted(one.code for one in named)
        if after != before:
            told |= {f"{name}_before": before, name: after}
    return told


def _others(certificate: Certificate, facts: Mapping[str, Any]) -> set[str]:
    """The facts that are other than they stand; of standards and products None says that they stay."""
    other = set()
    for name, value in facts.items():
        known = getattr(certificate, name)
        if name in NAMED_GOODS:
            same = value is None or {one.pk for one in value} == set(known.values_list("pk", flat=True))
        else:
            same = known == value
        if not same:
            other.add(name)
    return other


def _settle_facts(certificate: Certificate) -> None:
    """What no paper can claim is refused; the number as it is compared."""
    if (fault := certificates.fault(certificate)) is not None:
        raise fault
    certificate.number_key = _key(certificate.number)


def _withhold(
    certificate: Certificate, others: Sequence[int], *, by: Actor, city_id: int | None = None
) -> frozenset[int]:
    """Let a paper not count for other cities that deal with its company, or with one that shows its number."""
    companies = [certificate.supplier, *Supplier.objects.filter(pk__in=others)]
    return counting.withhold(certificate, companies, by=by, city_id=city_id)


def _key(number: str) -> str:
    return number_key(number)[:LONGEST_KEY]


def who_show(keys: set[str], company: Supplier) -> list[int]:
    """The other companies that show one of these numbers: their offers are to say so as well. At most 20, the oldest."""
    same = Certificate.objects.filter(number_key__in=keys - {""}).exclude(supplier=company)
    return list(same.order_by("supplier").values_list("supplier", flat=True).distinct()[:MOST_TOLD])


def _judge_form(certificate: Certificate, at: datetime) -> Certificate:
    outcome = judge_number(certificate.kind, certificate.number).outcome
    if outcome is not Outcome.NO_FORMAT:
        move = certificates.PASS_FORMAT if outcome is Outcome.OK else certificates.SUSPECT
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

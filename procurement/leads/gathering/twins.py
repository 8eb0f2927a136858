"""Papers of two companies that bear one number, and whether honest ones can."""

import re
from collections.abc import Sequence

from procurement.catalogue.models import CertificateKind
from procurement.suppliers.models import Certificate, Supplier
from procurement.suppliers.rules.comparing import name_key

BODY_NUMBER = re.compile(r"[0-9]{4}")


def twins_of(papers: Sequence[Certificate]) -> dict[int, Certificate]:
    """The oldest paper of another company with the same kind and number, by the key of the paper it is like. One query for all.

    It is named: companies are shared between cities.
    """
    numbers = {one.number_key for one in papers} - {""}
    if not numbers:
        return {}
    others = (
        Certificate.objects.filter(number_key__in=numbers, kind__in={one.kind_id for one in papers})
        .exclude(supplier__status=Supplier.Status.MERGED)
        .select_related("supplier")
        .order_by("-pk")
    )
    alike: dict[tuple[int, str], list[Certificate]] = {}
    for other in others:
        alike.setdefault((other.kind_id, other.number_key), []).append(other)
    found = {}
    for one in papers:
        for other in alike.get((one.kind_id, one.number_key), []):
            if other.supplier_id != one.supplier_id and one.number_key:
                found[one.pk] = other  # the last one found is the oldest
    return found


def why_shared(mine: Certificate, theirs: Certificate) -> str:
    """Why two companies can honestly show this number, as a code of `UNSURE`; "" where they cannot."""
    names = CertificateKind.NumberNames(mine.kind.number_names)
    if names is CertificateKind.NumberNames.BODY:
        # Four digits are the body's; what is longer is the report's own.
        return "body_number" if BODY_NUMBER.fullmatch(mine.number_key) else ""
    if names is not CertificateKind.NumberNames.PAPER:
        return names.value
    holders = {name_key(one.holder) for one in (mine, theirs)}
    return "same_holder" if len(holders) == 1 and "" not in holders else ""

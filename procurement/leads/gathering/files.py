"""Reading the files shown for a company, wherever they hang, and for which other companies the very same ones were shown."""

from typing import NamedTuple

from django.db.models import Model, Q, QuerySet

from procurement.leads.models import SupplierLead
from procurement.suppliers.models import Certificate, Supplier
from workflow.models import File

MOST_FILES = 50  # holders of one file that are looked at
# What files hang on: the rows that say whose it is, where they point at the thing, and where at the company. What a contact brings by
# link hangs on the question or the check: it is of the companies that answer the question, and of the one that is checked.
OWNERS: dict[str, tuple[type[Model], str, str]] = {
    "procurement.supplier": (Supplier, "pk", "pk"),
    "procurement.certificate": (Certificate, "pk", "supplier"),
    "procurement.supplierlead": (SupplierLead, "pk", "supplier"),
    "procurement.inquiry": (SupplierLead, "inquiry", "supplier"),
    "procurement.verificationtask": (SupplierLead, "checks", "supplier"),
}


class Held(NamedTuple):
    """How many files of a company there are to be held against those of others, which of them others showed too, and who."""

    many: int
    shared: list[str]  # hashes (SHA-256)
    others: list[Supplier]


def elsewhere(company: Supplier) -> list[Supplier]:
    """Other listed companies for which a file of this one was shown too, by its hash. Two answers to one question share its files."""
    return held_against_others(company).others


def held_against_others(company: Supplier) -> Held:
    """The files of a company, held against those of others by their hashes."""
    mine = _things_of(company.rows)
    hashes = list(_files(mine).values_list("sha256", flat=True))
    if not hashes:
        return Held(0, [], [])
    same = File.objects.filter(sha256__in=set(hashes), refusal="", thing_label__in=[*OWNERS]).exclude(mine)
    shared: dict[tuple[str, int], set[str]] = {}
    for label, key, sha256 in same.values_list("thing_label", "thing_id", "sha256").distinct()[:MOST_FILES]:
        shared.setdefault((label, key), set()).add(sha256)
    found: dict[int, Supplier] = {}
    theirs: set[str] = set()
    for thing, files in shared.items():
        others = {owner.pk: owner for owner in owners_of(*thing) if owner.pk != company.current.pk}
        theirs |= files if others else set()
        found |= others
    return Held(len(hashes), sorted(theirs), [found[key] for key in sorted(found)])


def owners_of(label: str, key: int) -> list[Supplier]:
    """The companies a thing's files are of, each by the row that holds its facts now; none for a thing that is no company's."""
    if label not in OWNERS:
        return []
    model, thing, company = OWNERS[label]
    keys = model._default_manager.filter(**{thing: key}).values(company)
    rows = [one.current for one in Supplier.objects.filter(pk__in=keys).order_by("pk")]
    return list({one.pk: one for one in rows}.values())


def _things_of(rows: list[int]) -> Q:
    """The company, its certificates, its offers, the questions they answer and their checks, as files point at them.

    Read first and named one by one: so the files are found by their index, however many there are.
    """
    mine = Q(pk=None)
    for label, (model, thing, company) in OWNERS.items():
        if model is Supplier:
            mine |= Q(thing_label=label, thing_id__in=rows)
            continue
        told = model._default_manager.filter(**{f"{company}__in": rows, f"{thing}__isnull": False})
        mine |= Q(thing_label=label, thing_id__in=set(told.values_list(thing, flat=True)))
    return mine


def _files(about: Q) -> QuerySet[File]:
    return File.objects.filter(about, refusal="").exclude(sha256="")

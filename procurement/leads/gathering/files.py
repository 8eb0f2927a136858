"""Reading the files shown for a company, wherever they hang, and for which other companies the very same ones were shown."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Model, Q, QuerySet

from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from workflow.models.evidence import File

type Thing = tuple[str, int]  # its label and key, as a file points at it

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
    hashes = list(_files(mine).values_list("uploaded_sha256", flat=True))
    if not hashes:
        return Held(0, [], [])
    same = File.objects.filter(
        uploaded_sha256__in=set(hashes), refusal="", thing_label__in=[*OWNERS]
    ).exclude(mine)
    shared: dict[Thing, set[str]] = defaultdict(set)
    for label, key, sha256 in same.values_list("thing_label", "thing_id", "uploaded_sha256").distinct()[
        :MOST_FILES
    ]:
        shared[label, key].add(sha256)
    found: dict[int, Supplier] = {}
    theirs: set[str] = set()
    for thing, owners in owners_of_all(shared).items():
        others = {owner.pk: owner for owner in owners if owner.pk != company.current.pk}
        theirs |= shared[thing] if others else set()
        found |= others
    return Held(len(hashes), sorted(theirs), [found[key] for key in sorted(found)])


def owners_of(label: str, key: int) -> list[Supplier]:
    """The companies a thing's files are of, each by the row that holds its facts now; none for a thing that is no company's."""
    return owners_of_all([(label, key)])[label, key]


def owners_of_all(things: Iterable[Thing]) -> dict[Thing, list[Supplier]]:
    """The same of many things: one query for each kind of thing, and one for the companies."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for label, key in things:
        wanted[label].add(key)
    keys: dict[Thing, set[int]] = {(label, key): set() for label, those in wanted.items() for key in those}
    for label, those in wanted.items():
        if label in OWNERS:
            model, thing, company = OWNERS[label]
            rows = model._default_manager.filter(**{f"{thing}__in": those})
            for key, owner in rows.values_list(thing, company):
                keys[label, key].add(owner)
    rows_of = Supplier.objects.in_bulk(set().union(*keys.values()))
    found = {}
    for one, owners in keys.items():
        current = (rows_of[pk].current for pk in sorted(owners))
        found[one] = list({company.pk: company for company in current}.values())
    return found


def captions_of(lead: SupplierLead) -> list[str]:
    """What the files brought with an offer are called, without their endings: the caption of a photo."""
    theirs = Q(thing_label=SupplierLead._meta.label_lower, thing_id=lead.pk)
    names = File.objects.filter(theirs, refusal="").order_by("pk").values_list("name", flat=True)
    return [name.rpartition(".")[0].replace("_", " ") or name for name in names[:MOST_FILES]]


def _things_of(rows: list[int]) -> Q:
    """The company, its certificates, its offers, the questions they answer and their checks, as files point at them.

    Read first and named one by one: so the files are found by their index, however many there are.
    """
    mine = Q(thing_label=Supplier._meta.label_lower, thing_id__in=rows)
    for model in (Certificate, SupplierLead):
        labels = {label: thing for label, (whose, thing, _company) in OWNERS.items() if whose is model}
        told = model._default_manager.filter(supplier__in=rows).values_list(*labels.values())
        for label, keys in zip(labels, zip(*told, strict=True), strict=False):  # of nothing there are no keys
            mine |= Q(thing_label=label, thing_id__in={*keys} - {None})
    return mine


def _files(about: Q) -> QuerySet[File]:
    return File.objects.filter(about, refusal="").exclude(uploaded_sha256="")

"""Queries for the files that belong to a company, and other companies that showed the same files."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Model, Q, QuerySet

from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from workflow.uploads.models import File

type ObjectKey = tuple[str, int]  # label and key of an object, as stored with a file

MAX_COMPARED_FILES = 50  # objects read per comparison
# Objects with files: the model that gives the company, its field for the object, its field for the company.
# Files a contact adds by link belong to the inquiry or check, so to the companies answering or checked.
COMPANY_RELATIONS_BY_MODEL: dict[str, tuple[type[Model], str, str]] = {
    "procurement.supplier": (Supplier, "pk", "pk"),
    "procurement.certificate": (Certificate, "pk", "supplier"),
    "procurement.supplierlead": (SupplierLead, "pk", "supplier"),
    "procurement.inquiry": (SupplierLead, "inquiry", "supplier"),
    "procurement.verificationtask": (SupplierLead, "checks", "supplier"),
}


class FileComparison(NamedTuple):
    """Result of comparing a company's files with those of others.

    `file_count`: number of files compared. `shared_hashes`: hashes of files that others showed too.
    `companies`: those other companies.
    """

    file_count: int
    shared_hashes: list[str]  # hashes (SHA-256)
    companies: list[Supplier]


def companies_sharing_files(company: Supplier) -> list[Supplier]:
    """Return other listed companies that showed a file of this one, compared by hash.

    All answers to one inquiry share its files.
    """
    return compare_files(company).companies


def compare_files(company: Supplier) -> FileComparison:
    """Compare the files of a company with those of others, by hash."""
    mine = _things_of(company.row_ids)
    hashes = list(_files(mine).values_list("uploaded_sha256", flat=True))
    if not hashes:
        return FileComparison(0, [], [])
    same = File.objects.filter(
        uploaded_sha256__in=set(hashes), refusal="", thing_label__in=[*COMPANY_RELATIONS_BY_MODEL]
    ).exclude(mine)
    shared: dict[ObjectKey, set[str]] = defaultdict(set)
    for label, key, sha256 in same.values_list("thing_label", "thing_id", "uploaded_sha256").distinct()[
        :MAX_COMPARED_FILES
    ]:
        shared[label, key].add(sha256)
    found: dict[int, Supplier] = {}
    theirs: set[str] = set()
    for thing, owners in companies_of_objects(shared).items():
        others = {owner.pk: owner for owner in owners if owner.pk != company.current_row.pk}
        theirs |= shared[thing] if others else set()
        found |= others
    return FileComparison(len(hashes), sorted(theirs), [found[key] for key in sorted(found)])


def companies_of_object(label: str, key: int) -> list[Supplier]:
    """Return the companies an object's files belong to; empty for an object of no company.

    A merged company is replaced by the one it was merged into.
    """
    return companies_of_objects([(label, key)])[label, key]


def companies_of_objects(things: Iterable[ObjectKey]) -> dict[ObjectKey, list[Supplier]]:
    """Return `companies_of_object` for many objects. One query per kind of object and one for the companies."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for label, key in things:
        wanted[label].add(key)
    keys: dict[ObjectKey, set[int]] = {
        (label, key): set() for label, those in wanted.items() for key in those
    }
    for label, those in wanted.items():
        if label in COMPANY_RELATIONS_BY_MODEL:
            model, thing, company = COMPANY_RELATIONS_BY_MODEL[label]
            rows = model._default_manager.filter(**{f"{thing}__in": those})
            for key, owner in rows.values_list(thing, company):
                keys[label, key].add(owner)
    rows_of = Supplier.objects.in_bulk(set().union(*keys.values()))
    found = {}
    for one, owners in keys.items():
        current = (rows_of[pk].current_row for pk in sorted(owners))
        found[one] = list({company.pk: company for company in current}.values())
    return found


def photo_captions(lead: SupplierLead) -> list[str]:
    """Return the names of the offer's files without their extensions, as captions of photos."""
    theirs = Q(thing_label=SupplierLead._meta.label_lower, thing_id=lead.pk)
    names = File.objects.filter(theirs, refusal="").order_by("pk").values_list("name", flat=True)
    return [name.rpartition(".")[0].replace("_", " ") or name for name in names[:MAX_COMPARED_FILES]]


def _things_of(rows: list[int]) -> Q:
    """Filter files of the company, its certificates, its offers, and their inquiries and checks.

    The keys are read first, so that the files are found by their index.
    """
    mine = Q(thing_label=Supplier._meta.label_lower, thing_id__in=rows)
    for model in (Certificate, SupplierLead):
        labels = {
            label: thing
            for label, (whose, thing, _company) in COMPANY_RELATIONS_BY_MODEL.items()
            if whose is model
        }
        values = model._default_manager.filter(supplier__in=rows).values_list(*labels.values())
        for label, keys in zip(labels, zip(*values, strict=True), strict=False):  # without rows, no keys
            mine |= Q(thing_label=label, thing_id__in={*keys} - {None})
    return mine


def _files(about: Q) -> QuerySet[File]:
    return File.objects.filter(about, refusal="").exclude(uploaded_sha256="")

"""Rows for what suppliers have besides offers: names, certificates, bank accounts and files.

The distribution is realistic: most certificates are of the types most often required, one number in a
hundred is shown by two suppliers, one file in two hundred equals another supplier's, and a few accounts
belong to two suppliers.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from benchmarks.fill.bulk_copy import catch_up, copy, next_id
from benchmarks.fill.people import SUPPLIERS
from benchmarks.watchlist_matching import names
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.match_keys import name_key
from workflow.uploads.models import File

type Rows = Iterator[dict[str, Any]]

SHARED_NUMBER, SHARED_FILE, SHARED_ACCOUNT = 100, 200, 500  # one in this many is also another supplier's
ACCOUNTS = 10  # one supplier in this many gave an account


def fill_papers(certificates: int, companies: int, at: datetime) -> None:
    """Add suppliers up to a total, certificates with a file each, and accounts; then update statistics."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        entered_by = Supplier.objects.order_by("pk").values_list("entered_by", flat=True)[0]
        # All queries for the rows run here, because COPY occupies the connection.
        first = {model: next_id(model) for model in (Supplier, Certificate, File, BankAccount)}
        goods = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        kinds = list(CertificateType.objects.order_by("pk").values_list("pk", flat=True))
        papers = range(first[Certificate], first[Certificate] + certificates)
        made: list[tuple[type[Model], Rows]] = [
            (Supplier, _companies(range(first[Supplier], companies + 1), entered_by, at)),
            (Certificate, _certificates(papers, kinds, companies, entered_by, at)),
            (Certificate.products.through, _products(papers, goods)),
            (File, _files(papers, first[File], entered_by, at)),
            (BankAccount, _accounts(companies, first[BankAccount], entered_by, at)),
        ]
        for model, rows in made:
            copy(model, rows)
    catch_up(*(model for model, _rows in made))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _companies(keys: range, entered_by: int, at: datetime) -> Rows:
    _listed, drawn = names(max(len(keys) // 100, 1), len(keys))
    for pk, (chinese, english) in zip(keys, drawn, strict=True):
        yield {
            "id": pk,
            "status": "listed",
            "created_at": at,
            "reference": f"SU-{at.year}-{pk:06d}",
            "legal_name_local": chinese,
            "name_en": english,
            "country": "CN",
            "role": "maker",
            "entered_by_id": entered_by,
            "name_key": name_key(chinese),
            "name_en_key": name_key(english),
        }


def _certificates(keys: range, kinds: list[int], companies: int, entered_by: int, at: datetime) -> Rows:
    weights = [1 / (place + 2) for place in range(len(kinds))]
    luck = Random(3)
    offering = min(companies, SUPPLIERS)  # most certificates belong to suppliers with offers
    for number, pk in enumerate(keys):
        written = f"{luck.randrange(10**9):09d}" if number % SHARED_NUMBER else "160910000"
        issued = (at - timedelta(days=luck.randrange(30, 900))).date()
        supplier = (
            luck.randrange(1, offering + 1) if luck.random() < 0.8 else luck.randrange(1, companies + 1)
        )
        yield {
            "id": pk,
            "reference": f"CE-{at.year}-{pk:06d}",
            "status": luck.choice(("claimed", "well_formed", "confirmed")),
            "created_at": at,
            "supplier_id": supplier,
            "kind_id": luck.choices(kinds, weights)[0],
            "number": f"GB {written}",
            "number_key": f"GB{written}",
            "holder": f"示例防护用品第{supplier}厂",
            "issued_on": issued,
            "valid_until": issued + timedelta(days=1_000),
            "entered_by_id": entered_by,
        }


def _products(papers: range, goods: list[int]) -> Rows:
    """Yield links to goods: two certificates in three name the goods they are for."""
    luck = Random(4)
    for pk in papers:
        if luck.random() < 0.67:
            yield {"id": pk, "certificate_id": pk, "product_id": luck.choice(goods)}


def _files(papers: range, first: int, by: int, at: datetime) -> Rows:
    for number, paper in enumerate(papers):
        like = number - 1 if number and number % SHARED_FILE == 0 else number
        yield {
            "id": first + number,
            "status": "clean",
            "created_at": at,
            "thing_label": "procurement.certificate",
            "thing_id": paper,
            "kind": "certificate",
            "name": f"certificate {number}.pdf",
            "content_type": "application/pdf",
            "size": 200_000,
            "sha256": sha256(f"file {like}".encode()).hexdigest(),
            "key": f"benchmark{first + number}",
            "by_id": by,
        }


def _accounts(companies: int, first: int, by: int, at: datetime) -> Rows:
    for number, supplier in enumerate(range(1, companies + 1, ACCOUNTS), first):
        written = number - 1 if number % SHARED_ACCOUNT == 0 else number
        yield {
            "id": number,
            "status": "proposed",
            "created_at": at,
            "supplier_id": supplier,
            "holder": f"示例防护用品第{supplier}厂",
            "number": f"6222{written:012d}",
            "bank": "Example Bank of Commerce",
            "country": "CN",
            "currency": "CNY",
            "proposed_by_id": by,
        }

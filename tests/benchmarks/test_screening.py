"""The screening benchmark with few rows: their numbers are right, and more rows need no more queries."""

from statistics import median

import pytest

from benchmarks.fill.random_facts import World
from benchmarks.fill.story import fill_up_to
from benchmarks.fill.suppliers import fill_papers
from benchmarks.screening import HEAD, fill, measure
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from workflow.uploads.models import File

COMPANIES = 5_050  # fifty have no offer


@pytest.mark.every_way
def test_an_offer_takes_no_more_statements_among_more_of_everything(register):
    at = fill(300, 60, COMPANIES)
    assert (SupplierLead.objects.count(), Supplier.objects.count()) == (300, COMPANIES)
    assert Certificate.objects.count() == File.objects.count() == 60
    assert BankAccount.objects.filter(supplier__in=Supplier.objects.all()).count() == COMPANIES // 10
    few = {one.what: one for one in measure(at, 6)}
    assert Finding.objects.exists()
    assert all(len(str(one).split("|")) == len(HEAD.splitlines()[1].split("|")) for one in few.values())
    fill_up_to(900, World.known(at))
    fill_papers(300, COMPANIES + 500, at)
    assert Certificate.objects.count() == 360
    many = {one.what: one for one in measure(at, 6)}
    assert few.keys() == many.keys()
    for what in ("the same once more, nothing new", "a new company held against all others"):
        assert median(many[what].statements) <= median(few[what].statements) + 2

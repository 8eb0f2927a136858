"""The benchmark of screening with few rows: it fills what it says, and an offer takes as many statements among more of everything."""

from statistics import median

import pytest

from benchmarks.fill.drawn import World
from benchmarks.fill.papers import fill_papers
from benchmarks.fill.story import fill_up_to
from benchmarks.screening import HEAD, fill, measure
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from workflow.models.evidence import File

COMPANIES = 5_050  # fifty more than have offers


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

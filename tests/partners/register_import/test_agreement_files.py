"""Agreements and exchanges in imported files: the rows that are accepted and refused."""

import pytest

from partners.agreements.models import TwinningAgreement
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from partners.register_import.formats.file_kinds import export_csv
from tests.partners.register_import.test_files import (
    AGREEMENTS,
    EXCHANGES,
    URL,
    error_positions,
    file_errors,
    load_lines,
)
from tests.worlds import cities
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role


def test_imported_agreement_passes_through_the_statuses_of_its_rows(two_cities):
    def status(said, ended=""):
        outcome = load_lines(
            "agreements", AGREEMENTS, f"burnaby,zhongshan,sister,2011,2019-12-31,{said},{ended},{URL},"
        )
        agreement = TwinningAgreement.objects.get()
        return outcome, agreement.status, agreement.ended_why, agreement.ended.iso_text, agreement.certain

    assert status("unknown") == ((1, 0, 0), "recorded", "", "", False)
    assert status("unknown") == ((0, 0, 1), "recorded", "", "", False)
    assert status("active") == ((0, 1, 0), "recorded", "", "", True)
    assert status("suspended", "2020-03") == ((0, 1, 0), "suspended", "", "2020-03", True)
    assert status("suspended", "2020-04") == ((0, 1, 0), "suspended", "", "2020-04", True)
    assert status("terminated", "2020") == ((0, 1, 0), "ended", "terminated", "2020", True)
    assert status("expired") == ((0, 1, 0), "ended", "expired", "", True)
    assert status("expired", "2020-01-14") == ((0, 1, 0), "ended", "expired", "2020-01-14", True)
    assert status("suspended") == ((0, 1, 0), "suspended", "", "", True)
    assert status("active", "2020") == ((0, 1, 0), "recorded", "", "", True)
    assert TwinningAgreement.objects.get().expires == parse_partial_date("2019-12-31")
    verbs = [entry.verb for entry in history_of(TwinningAgreement.objects.get())]
    assert {"add", "correct", "suspend", "resume", "end", "renew"} == set(verbs)


def test_agreement_may_be_imported_as_ended_with_its_source_date(two_cities):
    load_lines(
        "agreements", AGREEMENTS + ",source_date", f"burnaby,zhongshan,sister,,,terminated,,{URL},,2019-11-02"
    )
    agreement = TwinningAgreement.objects.get()
    assert (agreement.status, agreement.recorded_on.isoformat()) == ("ended", "2019-11-02")
    assert [entry.verb for entry in history_of(agreement)] == ["end", "add"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"nowhere,zhongshan,sister,,,active,,{URL},", "city_a"),
        (f"burnaby,nowhere,sister,,,active,,{URL},", "city_b"),
        (f"burnaby,zhongshan,twin,,,active,,{URL},", "kind"),
        (f"burnaby,zhongshan,sister,2011-13,,active,,{URL},", "signed"),
        (f"burnaby,zhongshan,sister,,soon,active,,{URL},", "expires"),
        (f"burnaby,zhongshan,sister,,9999-12-31,active,,{URL},", "expires"),
        (f"burnaby,zhongshan,sister,0001-01-01,,active,,{URL},", "signed"),
        (f"burnaby,zhongshan,sister,0000,,active,,{URL},", "signed"),
        (f"burnaby,zhongshan,sister,c. 1985,,active,,{URL},", "signed"),
        (f"burnaby,zhongshan,sister,2020-02-30,,active,,{URL},", "signed"),
        (f"burnaby,zhongshan,sister,,,terminated,9999,{URL},", "terminated"),
        (f"burnaby,zhongshan,sister,,,asleep,,{URL},", "status"),
        ("burnaby,zhongshan,sister,,,active,,,", "source_url"),
        ("burnaby,zhongshan,sister,,,active,,javascript:alert(1),", "source_url"),
        ("burnaby,zhongshan,sister,,,active,,https://,", "source_url"),
        (f"burnaby,burnaby,sister,,,active,,{URL},", ""),
    ],
)
def test_unreadable_agreement_row_is_refused_at_its_column(two_cities, line, column):
    assert error_positions("agreements", AGREEMENTS, line) == [(2, column)]


def test_source_date_must_be_a_full_date(two_cities):
    line = f"burnaby,zhongshan,sister,,,active,,{URL},"
    assert error_positions("agreements", AGREEMENTS + ",source_date", line + ",2019") == [(2, "source_date")]
    assert load_lines("agreements", AGREEMENTS + ",source_date", line + ",") == (1, 0, 0)


def test_city_imports_only_its_own_agreements(two_cities):
    administrator = cities.powers(Role.ADMINISTRATOR, two_cities[0])
    cities.city("markham")
    mine = f"burnaby,zhongshan,sister,2011,,active,,{URL},"
    assert load_lines("agreements", AGREEMENTS, mine, by=administrator) == (1, 0, 0)
    foreign = f"markham,zhongshan,sister,2011,,active,,{URL},"
    assert [
        fault[:2] for fault in file_errors("agreements", AGREEMENTS, mine, foreign, by=administrator)
    ] == [(3, "")]


# --- exchanges ---
def test_imported_exchange_keeps_the_precision_of_its_date(two_cities):
    lines = [
        f"zhongshan,burnaby,2020-02-03,day,letter,help,,,{URL},",
        f"zhongshan,burnaby,2020-04,by_end_of_month,ppe_donation,masks,500,piece,{URL},",
        f"zhongshan,burnaby,2020-04-04,from_date,ppe_donation,masks,500,piece,{URL},",
        f"burnaby,zhongshan,2020,year,gift,,,,{URL},",
    ]
    assert load_lines("exchanges", EXCHANGES, *lines) == (4, 0, 0)
    assert load_lines("exchanges", EXCHANGES, *lines) == (0, 0, 4)
    assert load_lines("exchanges", EXCHANGES, lines[1].replace("500", "600")) == (0, 1, 0)
    back = "".join(export_csv("exchanges")).splitlines()
    assert back == [EXCHANGES, *lines[:1], lines[1].replace("500", "600"), *lines[2:]]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"nowhere,burnaby,2020,year,letter,,,,{URL},", "from_city"),
        (f"zhongshan,nowhere,2020,year,letter,,,,{URL},", "to_city"),
        (f"zhongshan,burnaby,,year,letter,,,,{URL},", "date"),
        (f"zhongshan,burnaby,2020,day,letter,,,,{URL},", "date_precision"),
        (f"zhongshan,burnaby,2020,decade,letter,,,,{URL},", "date_precision"),
        (f"zhongshan,burnaby,2020,year,ransom,,,,{URL},", "kind"),
        (f'zhongshan,burnaby,2020,year,gift,,"1,000",,{URL},', "quantity"),
        (f"zhongshan,burnaby,2020,year,gift,,{10**9 + 1},,{URL},", "quantity"),
        (f"zhongshan,burnaby,2020,year,gift,,{'1' * 5000},,{URL},", "quantity"),
        (f"zhongshan,burnaby,0201,year,gift,,,,{URL},", "date"),
    ],
)
def test_unreadable_exchange_row_is_refused_at_its_column(two_cities, line, column):
    assert error_positions("exchanges", EXCHANGES, line) == [(2, column)]


def test_exchanges_from_shipments_are_not_exported(two_cities):
    cities.exchange("zhongshan", "burnaby", shipment_reference="SH-2020-0001")
    assert "".join(export_csv("exchanges")).splitlines() == [EXCHANGES]


# --- cells ---

"""Scenario step: an invented watchlist with one name similar to a company of the scenario.

The match stays open.
"""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.management.scenario.state import ScenarioState
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.models import Watchlist
from procurement.sanctions.parsers import parse_watchlist

WATCHLIST_CSV = """\
Name,Chinese name,Other names,Country or region,Numbers,Remark
Huai'an Kangqi Instruments Trading Co. DEMO,,HKQ Trading DEMO,CN,,Practice only: nobody of this name is listed anywhere
Northlight Polar Textiles DEMO,,,CN,,Practice only
黑水兰花贸易有限公司 DEMO,,Blackwater Orchid Trading DEMO,CN,,Practice only
"""


def watchlist_is_uploaded(scenario: ScenarioState) -> None:
    """Upload a small watchlist as coordinator. The periodic job compares every name with it."""
    file = SimpleUploadedFile("practice-list-demo.csv", WATCHLIST_CSV.encode())
    found = parse_watchlist(file)
    upload_watchlist(
        found.rows,
        name="Practice list of sanctions (DEMO)",
        kind=Watchlist.Kind.SANCTIONS,
        publisher="Practice office (DEMO)",
        source="https://www.lists-demo.example/practice-list-demo.csv",
        published_on=date(2020, 4, 6),
        file_name="practice-list-demo.csv",
        sha256=found.sha256,
        shape=found.file_format,
        uploaded_by=scenario.staff["coordinator"],
        by=scenario.by("coordinator"),
        at=scenario.now,
    )

"""A practice list, made up like everybody on it: one of its names is like that of a company here, and nobody has judged it yet."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.lists import formats
from procurement.lists.actions import lists
from procurement.lists.models.watch_list import WatchList
from procurement.management.scenario.stage import Stage

FILE = """\
Name,Chinese name,Other names,Country or region,Numbers,Remark
Huai'an Kangqi Instruments Trading Co. DEMO,,HKQ Trading DEMO,CN,,Practice only: nobody of this name is listed anywhere
Northlight Polar Textiles DEMO,,,CN,,Practice only
黑水兰花贸易有限公司 DEMO,,Blackwater Orchid Trading DEMO,CN,,Practice only
"""


def a_list_is_uploaded(stage: Stage) -> None:
    """The coordinator uploads a small list. The tick compares every name with it."""
    file = SimpleUploadedFile("practice-list-demo.csv", FILE.encode())
    found = formats.read(file)
    lists.upload(
        found.rows,
        name="Practice list of sanctions (DEMO)",
        kind=WatchList.Kind.SANCTIONS,
        publisher="Practice office (DEMO)",
        source="https://www.lists-demo.example/practice-list-demo.csv",
        published_on=date(2020, 4, 6),
        file_name="practice-list-demo.csv",
        sha256=found.sha256,
        shape=found.shape,
        uploaded_by=stage.staff["coordinator"],
        by=stage.by("coordinator"),
        at=stage.at,
    )

"""Watchlist with an entry that matches a supplier."""

from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.sanctions.actions.periodic import activate_next_watchlist, rescreen_suppliers
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.models import WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.marked_city import MarkedCity


def play_watchlist(story: MarkedCity) -> None:
    """Put a sanctions list in force, with a supplier that may be on it.

    The city's officer entered the supplier, which has no offer.
    """
    firm, keeper, things = story.company("黑水兰有限公司 DEMO"), story.administrator, story.things
    edit = SupplierEdit(name_en=f"{story.say('match')} Blackwater Orchid")
    correct_supplier(firm, edit, **story.by_officer)
    text = f"{story.say('listed name')} Blackwater Orchid"
    listed = ListedEntity(2, text, (text,), text, (text,), text)
    things["list"] = upload_watchlist(
        [listed],
        source=f"https://lists.example/{story.marks.word('list', story.city.slug)}.csv",
        kind="sanctions",
        published_on=AT.date(),
        sha256="a" * 64,
        shape="table",
        unread=[story.say("list")],
        uploaded_by=keeper.user,
        by=keeper.by,
        at=AT,
        **story.texts("list", "name", "publisher", "file_name"),
    )
    rescreen_suppliers(AT)
    activate_next_watchlist(AT)
    things["list"].refresh_from_db()
    things |= {
        "customs rule": CustomsRule.objects.get(code="CN-X-CIQ-MASK"),
        "duty relief": DutyRelief.objects.get(code="CA-20-08"),
        "listed name": things["list"].entries.get(),
        "match": WatchlistMatch.objects.get(supplier=firm),
    }
    story.number_all()

"""Screening for watchlist matches. The findings follow the state of each match."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.offer_data import BLOCK, FindingData, OfferData
from workflow.errors import Words


def screen_watchlists(offer: OfferData) -> Iterator[FindingData]:
    """Yield a blocking finding for each match: possible until two persons clear it, or confirmed."""
    for match in offer.on_lists:
        yield FindingData(
            code="list_confirmed" if match.confirmed else "list_match",
            severity=BLOCK,
            subject=match.reference,
            figures={
                "name": match.name,
                "borne": match.borne,
                "listed": match.listed,
                "list": match.watchlist,
                "score": match.score,
                "match": match.reference,
            },
            source=match.source,
        )


SENTENCES: dict[str, Words] = {
    "list_match": _(
        "“%(name)s” (%(borne)s) may be “%(listed)s” of the list “%(list)s”: %(score)s %% alike. Two persons judge %(match)s in writing."
    ),
    "list_confirmed": _(
        "“%(name)s” (%(borne)s) is “%(listed)s” of the list “%(list)s”: %(match)s was confirmed in writing."
    ),
}

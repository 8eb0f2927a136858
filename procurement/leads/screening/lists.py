"""Who offers may be on a list of sanctions or of forced labour: the state of each match lives on its own row, findings follow it."""

from collections.abc import Iterator

from procurement.leads.screening.values import BLOCK, Found, Offer


def screen_watchlists(offer: Offer) -> Iterator[Found]:
    """A possible match blocks until two persons cleared it, a confirmed one while it stands."""
    for match in offer.on_lists:
        yield Found(
            code="list_confirmed" if match.confirmed else "list_match",
            severity=BLOCK,
            subject=match.reference,
            figures={
                "name": match.name,
                "borne": match.borne,
                "listed": match.listed,
                "list": match.watch_list,
                "score": match.score,
                "match": match.reference,
            },
            source=match.source,
        )

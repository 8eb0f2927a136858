"""Read operations that are measured: lists (first page, a page near the end, filtered), searches and details.

Each is measured through the baseline, the API and the pages.
"""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from benchmarks.operations.operation import API, BASELINE, PAGES, Operation, PreparedRequest
from benchmarks.operations.samples import Sample

API_ROOT = "/api/v1"
SEARCH_WORDS = {
    "supply-requests": ("harbour clinic", "mask", "口罩", "hospital 3", "river depot 5"),
    "supplier-leads": ("harbour clinic", "seen at river", "hospital 3"),
    "shipments": ("sky example", "EX10", "cargo EX4"),
}
FILTER_STATUSES = {
    "supply-requests": ("open", "withdrawn", "draft"),
    "supplier-leads": ("verified", "expired", "received"),
    "verification-tasks": ("accepted", "returned", "submitted"),
    "orders": ("completed", "accepted", "cancelled"),
    "shipments": ("closed", "in_transit", "planned"),
}
PAGE_PATHS_AND_TABLES = {
    "supply-requests": ("needs", "needs"),
    "supplier-leads": ("offers", "leads"),
    "verification-tasks": ("checks", "checks"),
    "orders": ("orders", "orders"),
    "shipments": ("shipments", "shipments"),
}
SHIPMENT_BOARD_QUERIES = {  # views of the shipment board
    "held": "view=held",
    "at risk": "view=risk",
    "late, by risk": "view=under_way&order=-risk&warning=late_for_need",
}
OTHER_PAGES = {
    "Today": "/",
    "allocations": "/allocations/",
    "suppliers": "/suppliers/",
    "twin cities": "/cities/",
    "network": "/network/",
}

type Paths = Callable[[Sample], list[str]]


def read_operations(known: dict[str, list[Sample]]) -> Iterator[Operation]:
    """Yield all read operations, kind by kind; operations to compare follow each other."""
    for kind, (words, place) in PAGE_PATHS_AND_TABLES.items():
        yield from _lists(words, kind, place, known[kind])
        yield from _details(words, kind, place, known[kind])

    def asked(one: Sample) -> list[str]:
        return [f"/needs/{reference}/ask/" for reference, _product in one.open_items]

    yield Operation("needs: whom to ask", PAGES, _as_readers(known["supply-requests"], asked))
    for words, path in OTHER_PAGES.items():
        yield Operation(words, PAGES, _as_readers(known["supply-requests"], _always(path)))


def _lists(words: str, kind: str, place: str, seen: list[Sample]) -> Iterator[Operation]:
    narrowed = [f"status={status}" for status in FILTER_STATUSES[kind]]
    yield from _page_and_api_operations(f"{words}: first page", kind, place, seen, lambda one: [""])
    yield from _page_and_api_operations(
        f"{words}: deep page", kind, place, seen, lambda one: [f"cursor={one.deep_page_cursor}"]
    )
    if kind == "shipments":  # the page has views instead of a filter by status
        yield from _api_operations(f"{words}: narrowed", kind, seen, lambda one: narrowed)
        for view, query in SHIPMENT_BOARD_QUERIES.items():
            yield Operation(f"{words}: {view}", PAGES, _as_readers(seen, _always(f"/shipments/?{query}")))
    else:
        yield from _page_and_api_operations(f"{words}: narrowed", kind, place, seen, lambda one: narrowed)
    if kind == "supply-requests":
        yield from _api_operations(
            f"{words}: deep by day",
            kind,
            seen,
            lambda one: [f"ordering=needed_by&cursor={one.deep_page_cursor_by_day}"],
        )
    if kind in SEARCH_WORDS:
        yield from _api_operations(f"{words}: search", kind, seen, lambda one: _searches("search", kind, one))
        asks = _as_readers(seen, lambda one: [f"/{place}/?{each}" for each in _searches("q", kind, one)])
        yield Operation(f"{words}: search", PAGES, asks)


def _searches(name: str, kind: str, one: Sample) -> list[str]:
    """Return queries by words that many rows contain, and by a reference that only one row has."""
    return [f"{name}={quote(text)}" for text in (*SEARCH_WORDS[kind], one.references[0])]


def _details(words: str, kind: str, place: str, seen: list[Sample]) -> Iterator[Operation]:
    def paths(one: Sample) -> list[str]:
        return [f"{API_ROOT}/{kind}/{reference}/" for reference in one.references]

    interfaces = (BASELINE, API) if kind == "supply-requests" else (API,)
    for interface in interfaces:
        yield Operation(f"{words}: detail", interface, _as_programs(seen, paths))

    def pages(one: Sample) -> list[str]:
        return [f"/{place}/{reference}/" for reference in one.references]

    yield Operation(f"{words}: detail", PAGES, _as_readers(seen, pages))


def _page_and_api_operations(
    words: str, kind: str, place: str, seen: list[Sample], queries: Paths
) -> Iterator[Operation]:
    yield from _api_operations(words, kind, seen, queries)
    yield Operation(
        words, PAGES, _as_readers(seen, lambda one: [f"/{place}/?{each}" for each in queries(one)])
    )


def _api_operations(words: str, kind: str, seen: list[Sample], queries: Paths) -> Iterator[Operation]:
    asks = _as_programs(seen, lambda one: [f"{API_ROOT}/{kind}/?{query}" for query in queries(one)])
    yield from (Operation(words, interface, asks) for interface in (BASELINE, API))


def _always(path: str) -> Paths:
    return lambda one: [path]


def _as_programs(seen: list[Sample], paths: Paths) -> list[PreparedRequest]:
    return interleaved_requests(
        [[PreparedRequest(path, one.person.api_headers) for path in paths(one)] for one in seen]
    )


def _as_readers(seen: list[Sample], paths: Paths) -> list[PreparedRequest]:
    return interleaved_requests(
        [[PreparedRequest(path, one.person.page_headers) for path in paths(one)] for one in seen]
    )


def interleaved_requests(rows: list[list[PreparedRequest]]) -> list[PreparedRequest]:
    """Return the requests interleaved by person, so that consecutive requests come from different cities."""
    longest = max((len(row) for row in rows), default=0)
    return [row[turn] for turn in range(longest) for row in rows if turn < len(row)]

"""Query string of a saved view: the filters and the order of a list address."""

from django.http import QueryDict

MAX_VALUE_LENGTH = 60  # characters of one value
EXCLUDED_PARAMETERS = frozenset(
    {"cursor", "as", "at", "page", "csrfmiddlewaretoken"}
)  # parameters that are no filter


def saved_query(query: QueryDict) -> str:
    """Return the filters and the order of an address as a query, without its page and empty values."""
    parameters = QueryDict(mutable=True)
    for name, values in sorted(query.lists()):
        text = values[-1].replace("\0", "").strip()[:MAX_VALUE_LENGTH] if values else ""
        if text and name not in EXCLUDED_PARAMETERS:
            parameters[name] = text
    return parameters.urlencode()

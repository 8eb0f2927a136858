"""Filters and search in the query string.

An unknown parameter is refused, because a misspelt filter would show everything.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import CharField, Form
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from workflow.errors import Refused
from workflow.http.problems import WrongParameters
from workflow.search import normalize_reference

MAX_SEARCH_LENGTH = 200  # letters; each word is a condition of its own
PAGING_PARAMETERS = frozenset({"cursor", "page_size", "ordering"})


class BaseFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Filters of a collection.

    No filter reads the current time. A moment is a parameter, so that the same address always means the same rows.
    `row_dependent_filters` names the filters whose statement depends on rows; it is compiled for each request.
    """

    row_dependent_filters: ClassVar[frozenset[str]] = frozenset()


class ReferenceFilterSet(BaseFilterSet):
    """Filters of a collection that is searched by public reference: `?search=PO-2020`."""

    search = CharFilter(
        method="filter_by_reference",
        label=_("search"),
        max_length=MAX_SEARCH_LENGTH,
        help_text="The reference, or how it begins: PO-2020.",
    )

    def filter_by_reference(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Return the rows whose reference begins with the text."""
        return rows.filter(reference__startswith=normalize_reference(text))


class SearchFilterSet(BaseFilterSet):
    """Filters of a collection that is searched, in any script, by its queryset's own `search`."""

    search = CharFilter(
        method="filter_by_words",
        label=_("search"),
        max_length=MAX_SEARCH_LENGTH,
        help_text="Words in the names or the reference, in any script.",
    )

    def filter_by_words(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Return the rows that contain the text."""
        found: QuerySet[Any] = rows.search(text)  # type: ignore[attr-defined]  # the stage's own QuerySet method
        return found


def search_filter(values: str) -> CharFilter:
    """Return a `?search=` filter whose description names the searched facts."""
    return CharFilter(
        method="filter_by_words", label=_("search"), max_length=MAX_SEARCH_LENGTH, help_text=values
    )


class FilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """Backend of django-filter that builds its form only when a filter is used."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that match the query string."""
        asked = request.query_params.keys() - PAGING_PARAMETERS
        if not asked:
            return queryset
        known = self._known(view)
        if unknown := sorted(asked - known):
            message = _("Parameter “%(name)s” does not exist. Available parameters: %(known)s.")
            params = {"name": unknown[0], "known": ", ".join(sorted(known | PAGING_PARAMETERS))}
            raise Refused("unknown_parameter", message % params, parameter=unknown[0])
        _refuse_ambiguous_values(request, view.filterset_class.base_filters, asked)
        try:
            filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise WrongParameters(error.detail) from error
        return filtered

    @staticmethod
    def _known(view: Any) -> set[str]:
        chosen: type[FilterSet] | None = view.filterset_class
        return set(chosen.base_filters) if chosen else set()


def parse_query(form: type[Form], given: QueryDict) -> dict[str, Any]:
    """Return the parameters of a query string, validated by a form.

    Refuses a parameter that is missing, wrong, unknown, or given twice.
    """
    for name in given:
        if name not in form.base_fields:
            message = _("Parameter “%(name)s” does not exist. Available parameters: %(known)s.")
            params = {"name": name, "known": ", ".join(form.base_fields)}
            raise Refused("unknown_parameter", message % params, parameter=name)
        if len(given.getlist(name)) > 1:
            raise Refused("given_twice", _("Send each parameter only once."), parameter=name)
        if not given[name] and type(form.base_fields[name]) is not CharField:
            raise empty_parameter_refusal(name)
    asked = form(given.dict())
    for name, faults in asked.errors.items():
        raise Refused("invalid", str(faults[0]), parameter=name)
    return asked.cleaned_data


def empty_parameter_refusal(name: str) -> Refused:
    """Return the refusal of a parameter with an empty value, which could only be left out."""
    message = _("Enter a value for “%(name)s”, or leave the parameter out.") % {"name": name}
    return Refused("invalid", message, parameter=name)


def _refuse_ambiguous_values(request: Request, filters: Mapping[str, Any], asked: Iterable[str]) -> None:
    """Refuse a filter given twice, and a value that django-filter would drop or guess.

    The list would otherwise be a different one.
    """
    for name in sorted(asked):
        values = request.query_params.getlist(name)
        if len(values) > 1:
            raise Refused("given_twice", _("Send each parameter only once."), parameter=name)
        if not values[0] and not isinstance(filters[name], CharFilter):
            raise empty_parameter_refusal(name)
        for kind, pattern, sentence in _VALUES:
            if isinstance(filters[name], kind) and not re.fullmatch(pattern, values[0]):
                raise Refused("invalid", sentence, parameter=name)


_VALUES = (
    (BooleanFilter, "true|false", _("Enter true or false.")),
    (NumberFilter, "[0-9]{1,18}", _("Enter a whole number.")),
)

"""Filters and search in the query string. A parameter nobody knows is refused: a misspelt filter would show everything."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.forms import CharField, Form
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from workflow.doors.problems import WrongParameters
from workflow.errors import Refused
from workflow.search import as_quoted

LONGEST_SEARCH = 200  # letters; each word of them is a condition of its own
PAGING = frozenset({"cursor", "page_size", "ordering"})


class Filter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The filters of a collection. None reads the clock: a moment is told, so that the same address asks for the same."""


class Quoted(Filter):
    """The filters of a collection whose things are looked up by what they are quoted with: `?search=PO-2020`."""

    search = CharFilter(
        method="by_reference",
        label=_("search"),
        max_length=LONGEST_SEARCH,
        help_text="The reference, or how it begins: PO-2020.",
    )

    def by_reference(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """The rows whose reference begins with the text."""
        return rows.filter(reference__startswith=as_quoted(text))


class Searched(Filter):
    """The filters of a collection that is searched as its own `search` says: `?search=`, in any script."""

    search = CharFilter(
        method="by_words",
        label=_("search"),
        max_length=LONGEST_SEARCH,
        help_text="Words in the names or the reference, in any script.",
    )

    def by_words(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """The rows that hold the text."""
        found: QuerySet[Any] = rows.search(text)  # type: ignore[attr-defined]  # the stage's own QuerySet method
        return found


def search_in(told: str) -> CharFilter:
    """`?search=` of a collection that says itself in which of its facts it looks."""
    return CharFilter(method="by_words", label=_("search"), max_length=LONGEST_SEARCH, help_text=told)


class Filters(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """django-filter, but only when something is filtered: a plain list need not build its form."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that fit the query string."""
        asked = request.query_params.keys() - PAGING
        if not asked:
            return queryset
        known = self._known(view)
        if unknown := sorted(asked - known):
            words = _("There is no parameter “%(name)s” here. There are: %(known)s.")
            told = {"name": unknown[0], "known": ", ".join(sorted(known | PAGING))}
            raise Refused("unknown_parameter", words % told, parameter=unknown[0])
        _take_at_their_word(request, view.filterset_class.base_filters, asked)
        try:
            filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise WrongParameters(error.detail) from error
        return filtered

    @staticmethod
    def _known(view: Any) -> set[str]:
        chosen: type[FilterSet] | None = view.filterset_class
        return set(chosen.base_filters) if chosen else set()


def question(form: type[Form], given: QueryDict) -> dict[str, Any]:
    """What a question asks by its parameters, as its form reads them. Refuses one that is missing, wrong, given twice or not known."""
    for name in given:
        if name not in form.base_fields:
            words = _("There is no parameter “%(name)s” here. There are: %(known)s.")
            told = {"name": name, "known": ", ".join(form.base_fields)}
            raise Refused("unknown_parameter", words % told, parameter=name)
        if len(given.getlist(name)) > 1:
            raise Refused("given_twice", _("Give each parameter once."), parameter=name)
        if not given[name] and type(form.base_fields[name]) is not CharField:
            raise nothing_given(name)
    asked = form(given.dict())
    for name, faults in asked.errors.items():
        raise Refused("invalid", str(faults[0]), parameter=name)
    return asked.cleaned_data


def nothing_given(name: str) -> Refused:
    """A parameter that is named without a value: it may be left out, and empty it is none of its values."""
    words = _("Give “%(name)s” a value, or leave it out.") % {"name": name}
    return Refused("invalid", words, parameter=name)


def _take_at_their_word(request: Request, filters: Mapping[str, Any], asked: Iterable[str]) -> None:
    """Refuse a filter given twice, and a value that django-filter would drop or guess at: the list would be another one."""
    for name in sorted(asked):
        values = request.query_params.getlist(name)
        if len(values) > 1:
            raise Refused("given_twice", _("Give each parameter once."), parameter=name)
        if not values[0] and not isinstance(filters[name], CharFilter):
            raise nothing_given(name)
        for kind, pattern, sentence in _VALUES:
            if isinstance(filters[name], kind) and not re.fullmatch(pattern, values[0]):
                raise Refused("invalid", sentence, parameter=name)


_VALUES = (
    (BooleanFilter, "true|false", _("Give true or false.")),
    (NumberFilter, "[0-9]{1,18}", _("Give a whole number.")),
)

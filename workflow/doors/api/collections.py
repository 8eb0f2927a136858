"""What every collection does: list, show, begin a thing, move a thing. Each stage's own file says with which fields and actions."""

import builtins
from collections.abc import Callable, Hashable, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from workflow import clock
from workflow.doors.api.filters import Filters
from workflow.doors.api.moves import WithMoves, available_moves
from workflow.doors.api.paging import Asked, KeysetPagination, Orders
from workflow.doors.api.plans import Position, plan_of
from workflow.doors.api.reading import Row
from workflow.doors.api.repeats import once
from workflow.doors.api.strict import Strict
from workflow.doors.api.versions import IF_MATCH, refuse_stale, version_of
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.moves import Moves, lock, moves_of

type Body = type[serializers.BaseSerializer[Any]]


class Nothing(Strict):
    """A move that needs no more than its name."""


class Verb:
    """One action as an operation: what it calls, and what the body must hold, which are the action's own arguments.

    `Verb(actions.stop, reason=reason())` names the fields one by one; `Verb(actions.edit, body=EditNeed)` takes a serializer.
    `me` is the argument that names the person who asks ("author", "judge"); `fixed` are arguments that the verb itself settles;
    `says` are the body's own names for what a refusal of the action points at; `moves` are the moves that the action may make, where
    they are not the one of its own name; `who(by, thing)` says who may do it to a thing, where no move does.
    """

    def __init__(
        self,
        action: Callable[..., Any],
        *,
        body: Body = Nothing,
        me: str = "",
        fixed: Mapping[str, Any] | None = None,
        says: Mapping[str, str] | None = None,
        moves: tuple[str, ...] = (),
        who: Callable[[Any, Any], bool | Refused] | None = None,
        **fields: serializers.Field[Any, Any, Any, Any],
    ) -> None:
        self.action = action
        self.body = body
        self.me = me
        self.fixed = dict(fixed or {})
        self.says = dict(says or {})
        self.moves = moves
        self.who = who
        self.fields = fields

    def __call__(self, *thing: Any, **facts: Any) -> Any:
        """Call the action. A refusal points at the field as the body names it."""
        try:
            return self.action(*thing, **facts)
        except Refused as refused:
            field = refused.details.get("field")
            if field in self.says:
                refused.details["field"] = self.says[field]
            raise

    def named(self, name: str, address: str) -> None:
        """Make the body of single fields, under its name in the schema; its move is the one of its address."""
        self.moves = self.moves or (address.replace("-", "_"),)
        if self.fields and self.body is Nothing:
            self.body = type(name, (Strict,), self.fields)


class Collection(GenericViewSet[Any]):
    """A collection of things. Rows come from `visible_to` alone; a change is one action."""

    model: ClassVar[type[Model]]
    path: ClassVar[str]  # as it stands in the address: "supply-requests"
    key: ClassVar[str] = "reference"  # the column a thing is named by in the address
    row: ClassVar[type[Row]]  # what a list tells of each
    whole: ClassVar[type[Row]]  # what one thing tells; the row where a stage says nothing else
    orders: ClassVar[Orders] = {}
    begin: ClassVar[Verb | None] = None  # POST on the collection
    verbs: ClassVar[Mapping[str, Verb]] = {}  # POST on a thing
    private: ClassVar[frozenset[str]] = frozenset()  # what of one thing only its own city's people are told
    gives: ClassVar[
        Mapping[str, tuple[str, ...]]
    ] = {}  # operations that answer with a file, and its content types
    leads: ClassVar[Mapping[str, str]] = {}  # operations that answer with another address, and what it is
    filterset_class: ClassVar[type[FilterSet] | None] = None
    filter_backends = (Filters,)
    verb: str = ""  # which of `verbs` this operation is; the routes say so

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Fill in what follows from what the stage said."""
        super().__init_subclass__(**kwargs)
        cls.queryset = cls.model._default_manager.none()  # for the schema; rows come from get_queryset
        if "whole" not in cls.__dict__:
            cls.whole = cls.row
        if cls.has_moves():
            cls.whole = WithMoves.of(cls.whole, cls.private)
        for name, verb in {"begin": cls.begin, **cls.verbs}.items():
            if verb is not None:
                verb.named(f"{cls.model.__name__}{name.title().replace('-', '')}", name)

    @classmethod
    def has_moves(cls) -> bool:
        """Whether the things here have a life cycle."""
        return cls.model._meta.label_lower in Moves.registry

    @classmethod
    def addresses(cls) -> dict[str, str]:
        """At which verb's address each move is made."""
        return {move: address for address, verb in cls.verbs.items() for move in verb.moves}

    @property
    def by(self) -> Any:
        """Who asks: an Actor whose class the rooms above know, as accounts' authentication or middleware set it."""
        return self.request.by  # type: ignore[attr-defined]  # set by accounts' authentication and middleware

    def get_queryset(self) -> QuerySet[Any]:
        """What this person may see."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.by)  # type: ignore[attr-defined]
        return rows

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What is read to tell one thing whole; a stage adds what it joins and prefetches."""
        return self.whole.joined(rows)

    def list(self, request: Request) -> Response:
        """A page of what this person may see."""
        pages = KeysetPagination()
        asked = pages.asked(request, self.orders)
        sorting = asked.sorting
        columns = ("pk", sorting.column, *self.row.columns())

        def build(position: Position) -> QuerySet[Any, Any]:
            rows = sorting.on(self.filter_queryset(self.get_queryset()), asked.cursor, position)
            return rows.values_list(*columns)[: asked.size + 1]

        plan = plan_of(self._key(asked), sorting.position(self.model, asked.cursor), build)
        page = pages.envelope(request, asked, plan.rows(), self.row.read_columns)
        self.finish(page["results"])
        return Response(page)

    def _key(self, asked: Asked) -> Hashable:
        """All that the statement of a list depends on: the collection, who asks, the filters, and the page but for its position."""
        told = frozenset(
            (name, *values) for name, values in self.request.query_params.lists() if name != "cursor"
        )
        return type(self), self.by.scope, told, asked.cursor is not None, asked.back

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """What a stage adds to what was read: names that are looked up for all rows at once."""

    def retrieve(self, request: Request, **key: Any) -> Response:
        """One thing, with the moves open to this person."""
        return self._answer(key)

    def create(self, request: Request) -> HttpResponse:
        """Begin a thing."""
        return once(self, self._begun)

    def make(self, request: Request, **key: Any) -> HttpResponse:
        """Make a move."""
        return once(self, lambda: self._made(**key))

    def thing(self, **key: Any) -> Any:
        """The thing of the address, as a move takes it. 404 where this person sees none."""
        return get_object_or_404(self.get_queryset(), **key)

    def _answer(self, key: Mapping[str, Any], **told: Any) -> Response:
        """The thing of the address as it stands now, with its version."""
        thing = get_object_or_404(self.for_detail(self.get_queryset()), **key)
        headers = {"ETag": version_of(thing), **told.pop("headers", {})}
        return Response(self.told(thing), headers=headers, **told)

    def told(self, thing: Any) -> dict[str, Any]:
        """A thing, whole."""
        data = self.whole.read(thing)
        self.finish([data])
        if getattr(thing, "city_id", None) not in self.by.sees:
            data.update(self.withheld(data))
        if self.has_moves():
            data["available_moves"] = available_moves(self.by, thing, self.addresses())
        return data

    def withheld(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is said instead of private facts to people of another city: nothing."""
        return dict.fromkeys(self.private)

    def asked(self, verb: Verb, thing: Any = None) -> dict[str, Any]:
        """The arguments of the action, from the body. What is wrong is refused field by field."""
        context = {"by": self.by, "thing": thing, **self.get_serializer_context()}
        body = verb.body(data=self.request.data, context=context)
        try:
            body.is_valid(raise_exception=True)
        except ValidationError:
            self._refuse_first(verb, thing)
            raise
        me = {verb.me: self.request.user} if verb.me else {}
        return {**body.validated_data, **verb.fixed, **me, "by": self.by, "at": clock.now()}

    def _refuse_first(self, verb: Verb, thing: Any) -> None:
        """Whoever may not, or comes at the wrong time, is told so, and not what their body lacks. Refuses nobody else."""
        if thing is None or not self.has_moves():
            return
        moves = moves_of(thing).by_verb
        answers = [moves[name].refusal(self.by, thing, clock.now()) for name in verb.moves if name in moves]
        if answers and all(no is not None and no.code in (NOT_ALLOWED, WRONG_STATUS) for no in answers):
            raise cast("Refused", answers[0])

    def _begun(self) -> Response:
        assert self.begin is not None, "the routes offer POST only where something can begin"
        thing = self.begin(**self.asked(self.begin))
        key = getattr(thing, self.key)
        headers = {"Location": f"{self.request.path}{key}/"}
        return self._answer({self.key: key}, status=201, headers=headers)

    def _made(self, **key: Any) -> Response:
        verb = self.verbs[self.verb]
        thing = self.thing(**key)
        self._admit(verb, thing)
        if_match = self.request.headers.get(IF_MATCH)
        with transaction.atomic() if if_match else nullcontext():
            if if_match:
                lock(thing)
                refuse_stale(thing, if_match)
            verb(thing, **self.asked(verb, thing))
        return self._answer(key)

    def _admit(self, verb: Verb, thing: Any) -> None:
        """Refuses whoever may never do it, before the body is looked at: so a body tells them nothing."""
        if verb.who is not None:
            answers = [verb.who(self.by, thing)]
        else:
            moves = moves_of(thing).by_verb if self.has_moves() else {}
            made = [moves[name].refusal(self.by, thing, clock.now()) for name in verb.moves if name in moves]
            answers = [no if no is not None and no.code == NOT_ALLOWED else True for no in made]
        if answers and not any(answer is True for answer in answers):
            no = answers[0]
            words = _("You may not do this. Ask somebody in your city who may.")
            raise no if isinstance(no, Refused) else Refused(NOT_ALLOWED, words)

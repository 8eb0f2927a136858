"""Base class of every API collection: list, read and create objects, and make moves on them.

The `api` module of each package subclasses it and names the fields and actions.
"""

import builtins
from collections.abc import Callable, Hashable, Mapping
from inspect import Parameter
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from workflow import clock
from workflow.action_arguments import ActionArguments
from workflow.api.available_moves import MovesSerializerMixin, available_moves, verb_path
from workflow.api.derived_fields import Field, derive_field
from workflow.api.etags import version_from_if_match
from workflow.api.fast_serializers import RowSerializer
from workflow.api.filters import BaseFilterSet, FilterBackend
from workflow.api.idempotency import run_idempotently
from workflow.api.pagination import KeysetPagination, PageRequest
from workflow.api.serializers import StrictSerializer
from workflow.api.sql_cache import compiled_query
from workflow.edits import IF_MATCH, edit_class, etag_of, pack_edit, require_current
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.http.keyset import Orders, Position
from workflow.moves import Move, Moves, action_of, lock_row, moves_made_by, moves_of

type BodySerializer = type[serializers.BaseSerializer[Any]]


class EmptySerializer(StrictSerializer):
    """Empty body, for a move that needs only its name."""


class MoveOperation:
    """One action as an API operation, with the body that it needs.

    `MoveOperation(rules.STOP)` derives everything from the signature of the move's action: the body holds the
    arguments that the API can name itself (`workflow.api.derived_fields`), and the caller fills the argument of
    the acting person. Single fields replace or complete the derived ones:
    `MoveOperation(rules.SHARE, city=VisibleReferenceField(City, "slug"))`.

    - `body`: a serializer in place of derived fields. Its fields are the arguments of the action and the fields of
      its edit, side by side (`workflow.edits.pack_edit`).
    - `action`: called in place of the move's own: an adapter that fits the body to it, or an action that makes no
      move of this object.
    - `fixed`: arguments that the operation itself sets.
    - `says`: maps a field that the action names in a refusal to the name of this field in the body.
    - `who(by, thing)`: returns whether the actor may call an operation that makes no move.

    Raises ValueError for a move without an action.
    """

    def __init__(
        self,
        move: Move[Any] | None = None,
        *,
        action: Callable[..., Any] | None = None,
        body: BodySerializer | None = None,
        fixed: Mapping[str, Any] | None = None,
        says: Mapping[str, str] | None = None,
        who: Callable[[Any, Any], bool | Refused] | None = None,
        **fields: Field,
    ) -> None:
        if action is None and move is None:
            raise ValueError("name the move or the action of the operation")
        self.move = move
        self.action: Callable[..., Any] = action or action_of(cast("Move[Any]", move))
        self.arguments = ActionArguments.from_action(self.action)
        self.given_body = body
        self.body: BodySerializer = body or EmptySerializer
        self.fixed = dict(fixed or {})
        self.says = dict(says or {})
        self.who = who
        self.fields = fields
        self.moves: tuple[str, ...] = (move.verb,) if move else ()

    def __call__(self, *thing: Any, **facts: Any) -> Any:
        """Call the action; if it refuses, name the field as the body does."""
        try:
            return self.action(*thing, **pack_edit(self.action, facts))
        except Refused as refused:
            field = refused.details.get("field")
            if field in self.says:
                refused.details["field"] = self.says[field]
            raise

    def derive_body(self, name: str, model: type[Model], *, on_thing: bool) -> None:
        """Build the body from the signature of the action and the single fields, unless a serializer is given.

        `name` is the body's name in the schema; `on_thing` is True if the first argument of the action is the
        object of the address. Raises ValueError for an argument without a default that has no field.
        """
        if self.given_body is not None:
            return
        fields = dict(self.fields)
        derived: dict[str, Field] = {}
        for one in self.arguments.input_parameters[1 if on_thing else 0 :]:
            field = fields.pop(one.name, None) or derive_field(one, model)
            if field is None and one.default is Parameter.empty and one.name not in self.fixed:
                raise ValueError(f"{self.action.__qualname__} takes “{one.name}”: name its field")
            if field is not None and one.name not in self.fixed:
                derived[one.name] = field
        if derived | fields:
            self.body = type(name, (StrictSerializer,), derived | fields)


def move_operations(*moves: Move[Any] | MoveOperation, **others: MoveOperation) -> dict[str, MoveOperation]:
    """Return the operations on an object, by the verb in their address.

    A bare `Move` gets a `MoveOperation` without options. `others` are operations that make no move of the
    object, by their verb. Other moves of the same action, if they are not listed, are made at its first address.
    """
    offered = [one if isinstance(one, MoveOperation) else MoveOperation(one) for one in moves]
    by_move = {one.move: one for one in offered if one.move is not None}
    addressed = {*by_move}
    for move, one in by_move.items():
        rest = [other for other in moves_made_by(action_of(move)) if other not in addressed]
        one.moves += tuple(other.verb for other in rest)
        addressed |= {*rest}
    by_verb = {move.verb: one for move, one in by_move.items()}
    return {verb_path(verb): one for verb, one in (by_verb | others).items()}


class CollectionViewSet(GenericViewSet[Any]):
    """View set of one kind of object.

    It shows only rows that `visible_to` returns, and each change runs one action.
    """

    model: ClassVar[type[Model]]
    path: ClassVar[str]  # in the address: "supply-requests"
    lookup_field = "reference"  # the column that names an object in the address
    list_serializer: ClassVar[type[RowSerializer]]  # fields of an object in a list
    detail_serializer: ClassVar[
        type[RowSerializer]
    ]  # fields of one complete object; by default the same as `list_serializer`
    ordering_fields: ClassVar[Orders] = {}  # what `?ordering=` can name, besides the id
    create_action: ClassVar[MoveOperation | None] = None  # POST on the collection
    move_actions: ClassVar[Mapping[str, MoveOperation]] = {}  # POST on an object
    private_fields: ClassVar[frozenset[str]] = frozenset()  # fields that only people of the object's city see
    file_content_types: ClassVar[
        Mapping[str, tuple[str, ...]]
    ] = {}  # operations that answer with a file, and its content types
    redirects: ClassVar[Mapping[str, str]] = {}  # operations that redirect, and a description of the address
    filterset_class: ClassVar[type[BaseFilterSet] | None] = None
    filter_backends = (FilterBackend,)
    verb: str = ""  # the key in `move_actions` of this operation; set by the routes

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Derive attributes, such as the bodies of the operations, from those that the subclass defines."""
        super().__init_subclass__(**kwargs)
        cls.queryset = cls.model._default_manager.none()  # for the schema; rows come from get_queryset
        if "detail_serializer" not in cls.__dict__:
            cls.detail_serializer = cls.list_serializer
        if cls.has_moves():
            cls.detail_serializer = MovesSerializerMixin.with_available_moves(
                cls.detail_serializer, cls.private_fields
            )
        for name, verb in {"create": cls.create_action, **cls.move_actions}.items():
            if verb is not None:
                title = f"{cls.model.__name__}{name.title().replace('-', '')}"
                verb.derive_body(title, cls.model, on_thing=name in cls.move_actions)

    @classmethod
    def has_moves(cls) -> bool:
        """Return True if these objects have a life cycle."""
        return cls.model._meta.label_lower in Moves.registry

    @classmethod
    def url_verbs_by_move(cls) -> dict[str, str]:
        """Return, for each move, the verb in the address at which it is made."""
        return {move: address for address, verb in cls.move_actions.items() for move in verb.moves}

    @property
    def by(self) -> Any:
        """Actor of the request, set by the accounts app's authentication or middleware.

        Its class is defined in an app above this one.
        """
        return self.request.by  # type: ignore[attr-defined]  # set by accounts' authentication and middleware

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects that the caller may see."""
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.by)  # type: ignore[attr-defined]  # of our QuerySets
        return rows

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with all that is read for one complete object.

        A subclass adds its own joins and prefetches.
        """
        return self.detail_serializer.with_relations(rows)

    def list(self, request: Request) -> Response:
        """Return a page of the objects that the caller may see."""
        pages = KeysetPagination()
        asked = pages.read_page_request(request, self.sort_orders())
        sorting = asked.sorting
        columns = ("pk", sorting.column, *self.list_serializer.columns())

        def build(position: Position) -> QuerySet[Any, Any]:
            rows = sorting.apply(self.filter_queryset(self.get_queryset()), asked.cursor, position)
            return rows.values_list(*columns)[: asked.size + 1]

        plan = compiled_query(self._cache_key(asked), sorting.position(self.model, asked.cursor), build)
        page = pages.build_page(request, asked, plan.rows(), self.list_serializer.represent_columns)
        self.complete_rows(page["results"])
        return Response(page)

    def sort_orders(self) -> Orders:
        """Return the orders of the list. A subclass overrides this if an order depends on the caller's scope."""
        return self.ordering_fields

    def _cache_key(self, asked: PageRequest) -> Hashable | None:
        """Return all that the SQL statement of a list depends on, as a key for `compiled_query`.

        The key holds the collection, the caller's scope, the query parameters, and the page except its
        position. None if a filter depends on rows.
        """
        filters = self.filterset_class
        if filters is not None and not filters.row_dependent_filters.isdisjoint(self.request.query_params):
            return None
        data = frozenset(
            (name, *values) for name, values in self.request.query_params.lists() if name != "cursor"
        )
        return type(self), self.by.visibility_key, data, asked.cursor is not None, asked.is_backwards

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Complete the rows of a page, for example with names that one query reads for all of them.

        A subclass may override this.
        """

    def retrieve(self, request: Request, **key: Any) -> Response:
        """Return one object, with the moves open to the caller."""
        return self._object_response(key)

    def create(self, request: Request) -> HttpResponse:
        """Create an object."""
        return run_idempotently(self, self._create)

    def make_move(self, request: Request, **key: Any) -> HttpResponse:
        """Make a move."""
        return run_idempotently(self, lambda: self._make_move(**key))

    def find_object(self, **key: Any) -> Any:
        """Return the object of the address, ready for a move.

        Raises 404 if the caller may not see it.
        """
        return get_object_or_404(self.get_queryset(), **key)

    def _object_response(self, key: Mapping[str, Any], **values: Any) -> Response:
        """Return the response that shows the object of the address now, with its version."""
        thing = get_object_or_404(self.detail_queryset(self.get_queryset()), **key)
        headers = {"ETag": etag_of(thing), **values.pop("headers", {})}
        return Response(self.represent(thing), headers=headers, **values)

    def represent(self, thing: Any) -> dict[str, Any]:
        """Return the data of a complete object."""
        data = self.detail_serializer.represent(thing)
        self.complete_rows([data])
        if getattr(thing, "city_id", None) not in self.by.visible_cities:
            data.update(self.withheld_values(data))
        if self.has_moves():
            data["available_moves"] = available_moves(self.by, thing, self.url_verbs_by_move())
        return data

    def withheld_values(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return null for each private fact, which people of another city may not see."""
        return dict.fromkeys(self.private_fields)

    def action_arguments(self, verb: MoveOperation, thing: Any = None) -> dict[str, Any]:
        """Return the arguments of the action, read from the body.

        An invalid body raises errors that name each wrong field.
        """
        context = {"by": self.by, "thing": thing, **self.get_serializer_context()}
        body = verb.body(data=self.request.data, context=context)
        try:
            body.is_valid(raise_exception=True)
        except ValidationError:
            self._refuse_first(verb, thing)
            raise
        filled = verb.arguments.request_values(
            by=self.by, person=self.request.user, at=clock.now(), real_at=clock.real_now()
        )
        return {**body.validated_data, **verb.fixed, **filled}

    def _refuse_first(self, verb: MoveOperation, thing: Any) -> None:
        """Raise the move's own refusal before any errors of the body.

        Raises only if every move of the verb is refused because the caller is not allowed or the status is
        wrong.
        """
        if thing is None or not self.has_moves():
            return
        moves = moves_of(thing).by_verb
        answers = [moves[name].refusal(self.by, thing, clock.now()) for name in verb.moves if name in moves]
        if answers and all(no is not None and no.code in (NOT_ALLOWED, WRONG_STATUS) for no in answers):
            raise cast("Refused", answers[0])

    def _create(self) -> Response:
        assert self.create_action is not None, "the routes offer POST only where something can begin"
        thing = self.create_action(**self.action_arguments(self.create_action))
        key = getattr(thing, self.lookup_field)
        headers = {"Location": f"{self.request.path}{key}/"}
        return self._object_response({self.lookup_field: key}, status=201, headers=headers)

    def _make_move(self, **key: Any) -> Response:
        verb = self.move_actions[self.verb]
        thing = self.find_object(**key)
        self._require_permission(verb, thing)
        if_match = self.request.headers.get(IF_MATCH)
        if not if_match:
            verb(thing, **self.action_arguments(verb, thing))
            return self._object_response(key)
        with transaction.atomic():
            lock_row(thing)
            read = version_from_if_match(thing, if_match)
            require_current(
                thing, read
            )  # first: a stale change may also be invalid, or too late for its status
            version = {"version": read} if edit_class(verb.action) is not None else {}
            verb(thing, **self.action_arguments(verb, thing), **version)
        return self._object_response(key)

    def _require_permission(self, verb: MoveOperation, thing: Any) -> None:
        """Refuse a caller who may never do this. Runs before the body is read, whose errors could reveal something."""
        if verb.who is not None:
            answers = [verb.who(self.by, thing)]
        else:
            moves = moves_of(thing).by_verb if self.has_moves() else {}
            refusals = [
                moves[name].refusal(self.by, thing, clock.now()) for name in verb.moves if name in moves
            ]
            answers = [
                refusal if refusal is not None and refusal.code == NOT_ALLOWED else True
                for refusal in refusals
            ]
        if answers and not any(answer is True for answer in answers):
            refusal = answers[0]
            message = _("You cannot do this. Ask someone in your city who can.")
            raise refusal if isinstance(refusal, Refused) else Refused(NOT_ALLOWED, message)

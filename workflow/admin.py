"""The machinery's raw tables for staff, to look at and never to touch: they change through actions only."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from workflow.models.evidence import Comment, File
from workflow.models.instance import Instance
from workflow.models.journal import Entry, Seal
from workflow.models.post import Message
from workflow.models.tracked import Counter


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """A table that can be read. The base of every table in this administration."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """What happened."""

    list_display = ("id", "at", "by_label", "via", "verb", "thing_label", "reference")
    list_filter = ("thing_label", "via")
    search_fields = ("reference",)
    ordering = ("-id",)


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """What had to be sent, and what became of it. Bodies hold no link: it is made when sent, and kept nowhere."""

    list_display = (
        "created_at",
        "recipient",
        "template",
        "state",
        "next_try_at",
        "attempts",
        "doubts",
        "result",
    )
    list_filter = ("state", "template")
    list_select_related = ("recipient",)
    ordering = ("-created_at",)


@admin.register(File)
class FileAdmin(ReadOnly):
    """Who brought what, and whether it is clean."""

    list_display = (
        "created_at",
        "name",
        "content_type",
        "size",
        "status",
        "refusal",
        "thing_label",
        "thing_id",
    )
    list_filter = ("status", "content_type")
    exclude = ("stored", "key")
    ordering = ("-id",)


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    """Who said what about which thing."""

    list_display = ("at", "by", "thing_label", "thing_id", "text")
    ordering = ("-id",)


@admin.register(Seal)
class SealAdmin(ReadOnly):
    """The hash chain."""

    list_display = ("id", "sealed_at", "digest", "previous")
    ordering = ("-id",)


@admin.register(Counter)
class CounterAdmin(ReadOnly):
    """The last number given of each kind of reference."""

    list_display = ("prefix", "year", "last")
    ordering = ("prefix", "year")


@admin.register(Instance)
class InstanceAdmin(ReadOnly):
    """What this installation is."""

    list_display = ("kind", "offset", "created_at", "ticked_at")
    ordering = ("pk",)

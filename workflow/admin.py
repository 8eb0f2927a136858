"""Read-only administration pages of this app's tables, for staff.

The rows change through actions only.
"""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from workflow.base_models import Counter
from workflow.comments_and_files.models import Comment
from workflow.installation_models import Instance
from workflow.journal.models import Entry, Seal
from workflow.outbox.models import Message
from workflow.uploads.models import File


class ReadOnlyModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Read-only table; the base of every table in this administration."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnlyModelAdmin):
    """Journal entries."""

    list_display = ("id", "at", "by_label", "via", "verb", "thing_label", "reference")
    list_filter = ("thing_label", "via")
    search_fields = ("reference",)
    ordering = ("-id",)


@admin.register(Message)
class MessageAdmin(ReadOnlyModelAdmin):
    """Messages and the results of sending them.

    Bodies contain no link: a link is made when the message is sent, and is not stored.
    """

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
class FileAdmin(ReadOnlyModelAdmin):
    """Files and the results of their checks."""

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
class CommentAdmin(ReadOnlyModelAdmin):
    """Comments with their authors and objects."""

    list_display = ("at", "by", "thing_label", "thing_id", "text")
    ordering = ("-id",)


@admin.register(Seal)
class SealAdmin(ReadOnlyModelAdmin):
    """Hash chain of the journal."""

    list_display = ("id", "sealed_at", "digest", "previous")
    ordering = ("-id",)


@admin.register(Counter)
class CounterAdmin(ReadOnlyModelAdmin):
    """Last number given for each kind of reference and year."""

    list_display = ("prefix", "year", "last")
    ordering = ("prefix", "year")


@admin.register(Instance)
class InstanceAdmin(ReadOnlyModelAdmin):
    """Kind and state of this installation."""

    list_display = ("kind", "offset", "created_at", "ticked_at")
    ordering = ("pk",)

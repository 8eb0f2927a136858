"""Django admin of accounts, for staff. It is read-only: people are added and changed by actions only."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from accounts.models import ActionLink, ApiToken, User
from workflow.admin import ReadOnlyModelAdmin


@admin.register(User)
class UserAdmin(ReadOnlyModelAdmin):
    """Read-only list of people."""

    list_display = (
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "bounced_at",
        "stopped_at",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name")
    ordering = ("email",)
    exclude = ("password",)


@admin.register(ActionLink)
class ActionLinkAdmin(ReadOnlyModelAdmin):
    """Read-only list of issued links, without their digests."""

    list_display = (
        "user",
        "purpose",
        "thing_label",
        "thing_id",
        "created_at",
        "expires_at",
        "revoked_at",
        "seen_at",
        "uses",
    )
    list_filter = ("purpose",)
    list_select_related = ("user",)
    ordering = ("-id",)
    exclude = ("digest",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyModelAdmin):
    """Read-only list of API tokens, without their digests."""

    list_display = ("prefix", "name", "user", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    ordering = ("-id",)
    exclude = ("digest",)


# Staff use the normal sign-in with the second factor; Django's own page would ask for a password only.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as django-allauth documents

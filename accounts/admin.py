"""Django's administration of accounts, for staff: to look, and to end what must end. Nobody is made or changed here by hand."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from accounts.models import ApiToken, Link, User
from workflow.admin import ReadOnly


@admin.register(User)
class UserAdmin(ReadOnly):
    """People."""

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


@admin.register(Link)
class LinkAdmin(ReadOnly):
    """Links that were issued; never their tokens."""

    list_display = (
        "user",
        "purpose",
        "thing_label",
        "thing_id",
        "made_at",
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
class ApiTokenAdmin(ReadOnly):
    """API tokens; never their values."""

    list_display = ("prefix", "name", "user", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    ordering = ("-id",)
    exclude = ("digest",)


# Staff sign in where everybody does, with their second factor; Django's own page for it would ask for a password alone.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as django-allauth documents

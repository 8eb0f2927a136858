"""Django admin of the register for staff: read-only, because all changes go through actions."""

from django.contrib import admin

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.corrections.models import Correction
from partners.disputes.models import Dispute, SourceClaim
from partners.exchanges.models import Exchange
from partners.memberships.models import Invitation, Membership
from workflow.admin import ReadOnlyModelAdmin


@admin.register(City)
class CityAdmin(ReadOnlyModelAdmin):
    """Cities."""

    list_display = ("slug", "name_en", "name_zh", "country", "subdivision", "level", "population")
    list_filter = ("level", "country")
    search_fields = ("slug", "name_en", "name_fr", "name_zh", "name_local")
    ordering = ("name_en", "pk")
    exclude = ("search",)


@admin.register(TwinningAgreement)
class TwinningAgreementAdmin(ReadOnlyModelAdmin):
    """Twinning agreements."""

    list_display = ("city_a", "city_b", "kind", "status", "signed_on", "signed_precision", "certain")
    list_filter = ("kind", "status", "scope", "certain")
    list_select_related = ("city_a", "city_b")
    search_fields = ("city_a__name_en", "city_b__name_en")
    ordering = ("pk",)


@admin.register(Exchange)
class ExchangeAdmin(ReadOnlyModelAdmin):
    """Exchanges between cities."""

    list_display = ("from_city", "to_city", "on", "precision", "kind", "items", "quantity", "unit")
    list_filter = ("kind", "precision")
    list_select_related = ("from_city", "to_city")
    search_fields = ("from_city__name_en", "to_city__name_en", "items")
    ordering = ("-on", "-pk")


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyModelAdmin):
    """Organizations."""

    list_display = ("name_en", "kind", "city")
    list_filter = ("kind",)
    list_select_related = ("city",)
    search_fields = ("name_en", "name_fr", "name_local")
    ordering = ("name_en", "pk")


@admin.register(Contact)
class ContactAdmin(ReadOnlyModelAdmin):
    """Contacts, who may receive inquiries."""

    list_display = (
        "user",
        "organization",
        "city",
        "status",
        "consent_at",
        "open_questions",
        "answers",
        "answer_hours",
    )
    list_filter = ("status",)
    list_select_related = ("user", "organization__city", "city")
    search_fields = ("user__name", "user__email", "city__name_en")
    ordering = ("pk",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyModelAdmin):
    """Roles of people in cities."""

    list_display = ("user", "role", "city", "status", "created_at")
    list_filter = ("role", "status")
    list_select_related = ("user", "city")
    search_fields = ("user__name", "user__email", "city__name_en")
    ordering = ("pk",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyModelAdmin):
    """Invitations, without their secrets."""

    list_display = ("email", "role", "city", "status", "expires_at", "accepted_at")
    list_filter = ("role", "status")
    list_select_related = ("city",)
    search_fields = ("email",)
    ordering = ("pk",)
    exclude = ("token_hash",)


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyModelAdmin):
    """Proposed corrections of the register."""

    list_display = ("reference", "status", "fact", "value", "author", "created_at")
    list_filter = ("status", "fact")
    list_select_related = ("author", "place", "agreement", "exchange")
    search_fields = ("reference",)
    ordering = ("-pk",)


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyModelAdmin):
    """Disputes between sources."""

    list_display = ("pk", "fact", "status", "settled_for", "settled_at")
    list_filter = ("status", "fact")
    ordering = ("-pk",)


@admin.register(SourceClaim)
class SourceClaimAdmin(ReadOnlyModelAdmin):
    """Claims of sources in disputes."""

    list_display = ("source", "value", "stated_on")
    search_fields = ("source", "value")
    ordering = ("-pk",)

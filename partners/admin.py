"""Django's administration of the register, for staff: to look, never to touch. What changes, changes through actions."""

from django.contrib import admin

from partners.models.cities import City
from partners.models.corrections import Correction
from partners.models.disputes import Claim, Dispute
from partners.models.people import Contact, Invitation, Membership, Organisation
from partners.models.ties import Exchange, Twinning
from workflow.admin import ReadOnly


@admin.register(City)
class CityAdmin(ReadOnly):
    """Places."""

    list_display = ("slug", "name_en", "name_zh", "country", "subdivision", "level", "population")
    list_filter = ("level", "country")
    search_fields = ("slug", "name_en", "name_fr", "name_zh", "name_local")
    ordering = ("name_en", "pk")
    exclude = ("search",)


@admin.register(Twinning)
class TwinningAdmin(ReadOnly):
    """Agreements."""

    list_display = ("city_a", "city_b", "kind", "status", "signed_on", "signed_precision", "certain")
    list_filter = ("kind", "status", "scope", "certain")
    list_select_related = ("city_a", "city_b")
    search_fields = ("city_a__name_en", "city_b__name_en")
    ordering = ("pk",)


@admin.register(Exchange)
class ExchangeAdmin(ReadOnly):
    """What passed between places."""

    list_display = ("from_city", "to_city", "on", "precision", "kind", "items", "quantity", "unit")
    list_filter = ("kind", "precision")
    list_select_related = ("from_city", "to_city")
    search_fields = ("from_city__name_en", "to_city__name_en", "items")
    ordering = ("-on", "-pk")


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    """Offices."""

    list_display = ("name_en", "kind", "city")
    list_filter = ("kind",)
    list_select_related = ("city",)
    search_fields = ("name_en", "name_fr", "name_local")
    ordering = ("name_en", "pk")


@admin.register(Contact)
class ContactAdmin(ReadOnly):
    """People who may be asked."""

    list_display = (
        "user",
        "organisation",
        "city",
        "status",
        "consent_at",
        "open_questions",
        "answers",
        "answer_hours",
    )
    list_filter = ("status",)
    list_select_related = ("user", "organisation__city", "city")
    search_fields = ("user__name", "user__email", "city__name_en")
    ordering = ("pk",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Roles."""

    list_display = ("user", "role", "city", "status", "created_at")
    list_filter = ("role", "status")
    list_select_related = ("user", "city")
    search_fields = ("user__name", "user__email", "city__name_en")
    ordering = ("pk",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Invitations; never their secrets."""

    list_display = ("email", "role", "city", "status", "expires_at", "accepted_at")
    list_filter = ("role", "status")
    list_select_related = ("city",)
    search_fields = ("email",)
    ordering = ("pk",)
    exclude = ("token_hash",)


@admin.register(Correction)
class CorrectionAdmin(ReadOnly):
    """What somebody proposed to set right."""

    list_display = ("reference", "status", "fact", "value", "author", "created_at")
    list_filter = ("status", "fact")
    list_select_related = ("author", "place", "twinning", "exchange")
    search_fields = ("reference",)
    ordering = ("-pk",)


@admin.register(Dispute)
class DisputeAdmin(ReadOnly):
    """Where sources disagree."""

    list_display = ("pk", "fact", "status", "settled_for", "settled_at")
    list_filter = ("status", "fact")
    ordering = ("-pk",)


@admin.register(Claim)
class ClaimAdmin(ReadOnly):
    """What a source says."""

    list_display = ("source", "value", "said_on")
    search_fields = ("source", "value")
    ordering = ("-pk",)

"""Django app configuration of the city register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workflow.life_cycle_loading import load_life_cycles

LIFE_CYCLE_PACKAGES = ("agreements", "memberships", "contacts", "corrections", "disputes", "register_import")


class PartnersConfig(AppConfig):
    """App of cities, agreements, exchanges, organizations, contacts and roles."""

    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        """Load the moves and their actions, and fill the hooks of the accounts app.

        Both registries are then complete in every process.
        """
        load_life_cycles(self, LIFE_CYCLE_PACKAGES)
        _register_hooks()


def _register_hooks() -> None:
    """Fill the hooks of accounts and workflow. The imports need the models, so they are in the function."""
    from accounts import hooks
    from partners.contacts.views.self_service import contact_link_page
    from partners.contacts.working_hours import next_morning
    from partners.memberships.invitations import accept_invitation_by_token, find_invitation
    from partners.memberships.queries import cities_of_person, city_names
    from partners.permissions.permissions import permissions_of
    from partners.register_import.metrics import import_metrics
    from workflow.http.hooks import metric_sources

    hooks.actor_of_person.register(permissions_of)
    hooks.find_invitation.register(find_invitation)
    hooks.accept_invitation.register(accept_invitation_by_token)
    hooks.cities_of_person.register(cities_of_person)
    hooks.city_names.register(city_names)
    hooks.next_morning.register(next_morning)
    hooks.link_pages.register("partners.contact", contact_link_page)
    metric_sources.register("imports", import_metrics)

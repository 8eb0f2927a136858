"""Actions that save and remove views of a list. Views are bookmarks, so they are not journaled (docs/adr/0005)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.permissions.permissions import Permissions
from partners.powers import CityScope, Power
from partners.saved_views.models import SavedView
from workflow.errors import NOT_ALLOWED, Refused

MAX_VIEWS_PER_LIST = 12  # views of one person for one list


def save_view(
    listed: str, name: str, query: str, *, city_id: int | None = None, by: Permissions
) -> SavedView:
    """Save the filter of a list under a name, replacing the author's view of the same name.

    With `city_id`, everyone who may read the records of that city gets the view. Refuses an empty name, a city that the
    author does not see, and more than twelve views of one list.
    """
    name = name.strip()
    if not name:
        raise Refused("name_missing", _("Enter a name for the view."), field="name")
    if city_id is not None and not by.may(Power.SEE, CityScope(city_id)):
        raise Refused(NOT_ALLOWED, _("You can share a view only with a city you work for."), field="city")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user_id)  # so that two requests at once count in turn
        own_views = SavedView.objects.filter(user=by.user_id, listed=listed)
        if own_views.exclude(name=name).count() >= MAX_VIEWS_PER_LIST:
            message = _("You already have %(most)s views of this list. Remove one first.")
            raise Refused("too_many_views", message % {"most": MAX_VIEWS_PER_LIST}, field="name")
        view, _created = SavedView.objects.update_or_create(
            user_id=by.user_id, listed=listed, name=name, defaults={"query": query, "city_id": city_id}
        )
    return view


def remove_view(view: SavedView, *, by: Permissions) -> None:
    """Remove a view: one's own, or one that is shared with a city whose people the actor manages."""
    manages = view.city_id is not None and by.may(Power.MANAGE_PEOPLE, CityScope(view.city_id))
    if view.user_id != by.user_id and not manages:
        raise Refused(
            NOT_ALLOWED, _("Only the author of this view or an administrator of the city can remove it.")
        )
    view.delete()

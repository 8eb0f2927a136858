"""A reader's own ways to look at the board, by name. Theirs alone: nothing of the story changes, so nothing is journaled."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.shipments.models.tracking import BoardView
from workflow.errors import Refused

MOST = 12


def keep_view(user: User, name: str, query: str) -> BoardView:
    """Keep a filter under a name; one of that name before is replaced. Refuses an empty name, and more than twelve."""
    name = name.strip()
    if not name:
        raise Refused("name_missing", _("Give the view a name."), field="name")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once count one after the other
        others = BoardView.objects.filter(user=user).exclude(name=name)
        if others.count() >= MOST:
            words = _("You have %(most)s views. Remove one first.")
            raise Refused("too_many_views", words % {"most": MOST}, field="name")
        view, _new = BoardView.objects.update_or_create(user=user, name=name, defaults={"query": query})
    return view


def drop_view(user: User, name: str) -> None:
    """Remove one of one's own views; one that is gone already stays gone."""
    BoardView.objects.filter(user=user, name=name).delete()

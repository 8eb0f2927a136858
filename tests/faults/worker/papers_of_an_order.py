"""An order with large files, all of which somebody waits for in one: `python -m tests.faults.worker.papers_of_an_order N MB`."""

import hashlib
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import User  # noqa: E402 - Django has to be set up first
from procurement.orders.actions.bundles import ask_for_bundle  # noqa: E402
from tests import world  # noqa: E402
from tests.procurement.story import Story  # noqa: E402
from workflow import clock  # noqa: E402
from workflow.clock import create_instance  # noqa: E402
from workflow.documents import store  # noqa: E402
from workflow.models.evidence import File  # noqa: E402
from workflow.models.instance import Instance  # noqa: E402

MEGABYTE = 10**6


def ask(count: int, megabytes: int) -> None:
    """So many clean files of so many megabytes, as the machine keeps them, on an approved order; and its bundle asked for."""
    create_instance(Instance.Kind.REAL)
    for _person in range(User.objects.count()):  # other tests have had theirs in this installation
        next(world.numbers)
    story = Story()
    order, at = story.approved(), clock.now()
    for number in range(count):
        data = os.urandom(megabytes * MEGABYTE)
        File.objects.create(
            thing_label="procurement.order",
            thing_id=order.pk,
            city_id=order.city_id,
            name=f"paper {number}.pdf",
            content_type="application/pdf",
            size=len(data),
            uploaded_sha256=hashlib.sha256(data).hexdigest(),
            kept_sha256=hashlib.sha256(data).hexdigest(),
            stored=store.write([data]),
            status=File.Status.CLEAN,
            created_at=at,
            by=story.officer.user,
        )
    observer = story.observer
    ask_for_bundle(order, author=observer.user, language="en", by=observer.by, at=at)


if __name__ == "__main__":
    ask(int(sys.argv[1]), int(sys.argv[2]))

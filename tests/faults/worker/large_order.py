"""Command that creates an order with large files and requests the bundle of its documents (the audit file).

Run `python -m tests.faults.worker.large_order N MB`.
"""

import hashlib
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import User
from procurement.audit_files.actions import request_audit_file
from tests.worlds import cities
from tests.worlds.need_to_order import Story
from workflow import clock
from workflow.clock import create_instance
from workflow.installation_models import Instance
from workflow.uploads.models import File
from workflow.uploads.storage import store_bytes

MEGABYTE = 10**6


def request_bundle(count: int, megabytes: int) -> None:
    """Create an approved order with so many clean files of that size, and request its audit file (the bundle)."""
    create_instance(Instance.Kind.REAL)
    for _person in range(User.objects.count()):  # other tests have used these numbers in this database
        next(cities.numbers)
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
            stored=store_bytes([data]),
            status=File.Status.CLEAN,
            created_at=at,
            by=story.officer.user,
        )
    observer = story.observer
    request_audit_file(order, author=observer.user, language="en", by=observer.by, at=at)


if __name__ == "__main__":
    request_bundle(int(sys.argv[1]), int(sys.argv[2]))

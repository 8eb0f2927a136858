"""The register's tables in the admin: staff can read them but not change them; secrets are hidden."""

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from partners.memberships.actions import invite_member, issue_invitation_token
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, Role

pytestmark = pytest.mark.django_db
TABLES = ("city", "twinningagreement", "exchange", "organization", "contact", "membership", "invitation")


@pytest.fixture
def staff(practice):
    boss = cities.member(Role.ADMINISTRATOR, cities.city("burnaby"))
    boss.is_staff = boss.is_superuser = True
    boss.save()
    client = Client()
    client.force_login(boss)
    return client


def test_register_admin_is_read_only_and_hides_token_hashes(staff):
    cities.twinning("burnaby", "zhongshan")
    cities.exchange("burnaby", "zhongshan")
    cities.contact("zhongshan")
    made = invite_member(
        email="n@city.example",
        name="N",
        role="officer",
        city=cities.city("burnaby"),
        by=CONSOLE_ACTOR,
        at=NOW,
        real_at=REAL_NOW,
    )
    issue_invitation_token(made)
    for table in TABLES:
        assert staff.get(f"/admin/partners/{table}/?q=zhongshan").status_code == 200
        assert staff.get(f"/admin/partners/{table}/add/").status_code == 403
    page = staff.get(f"/admin/partners/invitation/{made.pk}/change/").content.decode()
    made.refresh_from_db()
    assert "n@city.example" in page
    assert made.token_hash not in page

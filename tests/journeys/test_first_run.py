"""A real site, from the invitation by the console to the first posted need, led by the set-up list of the start page.

The commands of docs/operations.md add the cities; everything after them is done on pages.
"""

import re
import shlex

import pytest
from django.core.management import call_command

from partners.agreements.models import TwinningAgreement
from partners.cities import queries
from partners.memberships.actions import issue_invitation_token
from partners.memberships.models import Invitation, Membership
from procurement.catalogue.models.products import Product
from procurement.requests.models import SupplyRequest
from tests.accounts.test_sign_in import set_up_app
from tests.browsing import Browser, Page
from tests.faults.installed.documented_commands import indented_blocks
from tests.partners.cities.conftest import PLACES
from workflow import clock
from workflow.clock import create_instance, record_backup
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
Role = Membership.Role
PASSWORD = "four-small-words-here"


@pytest.fixture
def installed(monkeypatch):
    """A real site after the commands of docs/operations.md, with the two people of that page invited."""
    monkeypatch.setattr(queries, "find_places", lambda names: {name: PLACES[name] for name in names})
    create_instance("real")
    call_command("load_reference_data", verbosity=0)
    (lines,) = indented_blocks("### A register of your own")
    (others,) = indented_blocks("### The first people")
    for line in (*lines.splitlines(), others.splitlines()[-1]):
        _python, _manage, *command = shlex.split(line)
        call_command(*command)


def joined(email: str) -> Browser:
    """Accept the invitation of this address by its link and set up an authenticator app."""
    browser = Browser()
    link = f"/join/{issue_invitation_token(Invitation.objects.get(email=email, status='sent'))}/"
    facts = {"name": email.partition("@")[0], "language": "en", "password": PASSWORD}
    assert browser.client.post(link, facts).status_code == 302
    set_up_app(browser.client)
    return browser


def open_tasks(page: Page) -> list[str]:
    """Return the titles of the open tasks of the set-up list."""
    lists = page.main.xpath(".//section[h2[starts-with(., 'Set up')]]/ul[1]/li/div/strong")
    return [title.text_content() for title in lists]


def skip(browser: Browser, code: str) -> None:
    page = browser.open("/")
    (form,) = [form for form in page.forms if f"/{code}/" in (form.node.get("action") or "")]
    browser.send(form.node.get("action"), form.filled(next(iter(form.buttons.values())), {}), {})


def test_set_up_list_leads_from_the_invitation_to_the_first_need(installed, settings):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    administrator = joined("you@city.example")
    today = administrator.open("/")
    assert open_tasks(today) == [
        *("People", "Approval limit", "Agreements", "Contacts in partner cities"),
        *("Email", "Lists and reference data", "Backup"),
    ]
    assert "CAD · Vancouver time" in today

    for role, email in ((Role.OFFICER, "officer@city.example"), (Role.APPROVER, "approver@city.example")):
        form = administrator.open("/").follow("Invite staff")
        form.press("Send invitation", name=str(role), email=email, role=str(role))
    assert "Procurement officer: invited" in administrator.open("/")
    officer = joined("officer@city.example")
    assert "Approver: invited" in administrator.open("/")
    joined("approver@city.example")
    administrator.open("/").follow("Set the approval limit").press(
        "Save limit", limit="25000", reason="bylaw"
    )
    administrator.open("/").follow("Add an agreement").press(
        "Add an agreement",
        partner="zhongshan-cn",
        kind="sister",
        certain="on",
        source_url="https://city.example/a",
    )
    assert open_tasks(administrator.open("/"))[:2] == ["Agreements", "Contacts in partner cities"]

    coordinator = joined("them@province.example")
    network = coordinator.open("/")
    assert open_tasks(network) == ["Email", "Lists and reference data", "Backup"]
    assert "1 city has an administrator" in network
    partner = network.follow("Choose a city").follow("Zhongshan")
    partner.follow("Invite an administrator").press(
        "Send invitation", name="Li", email="li@z.example", role="administrator"
    )
    partner_administrator = joined("li@z.example")
    partner_administrator.open(TwinningAgreement.objects.get()).press("Confirm agreement")

    assert open_tasks(administrator.open("/"))[0] == "Contacts in partner cities"
    city = administrator.open("/").follow("Open the partner city")
    city = city.follow("Add office").press(
        "Add office", kind="foreign_affairs_office", name_en="Foreign Affairs Office"
    )
    form = city.follow("Add contact")
    (office,) = filter(None, form.form("Add contact").choices("organization").values())
    form.press("Add contact", organization=office, name="Li Wei", email="li.wei@z.example")

    administrator.open("/").press("Send me a test message")
    assert "Waiting to be sent." in administrator.open("/")
    call_command("tick")
    assert Message.objects.get(template="test_mail").state == Message.State.SENT
    assert open_tasks(administrator.open("/")) == ["Lists and reference data", "Backup"]
    skip(administrator, "data")
    record_backup()
    today = administrator.open("/")
    assert "Set up Burnaby" not in today

    assert open_tasks(officer.open("/")) == []
    need = officer.open("/").follow("Post a need").press(
        "Continue", product=str(Product.objects.get(code="MASK_SURG").pk), title="Masks for Burnaby Hospital",
        declared_use="medical", facility_kinds=["hospital"],
    )  # fmt: skip
    day = f"{clock.now():%Y}-12-31"
    need = need.press("Continue", quantity="10 000", needed_by=day, deliver_to="4949 Canada Way, Burnaby")
    need = need.press("Continue", standards=None, alternative_1="RESP_KN95").press("Post need")
    assert SupplyRequest.objects.get().status == SupplyRequest.Status.OPEN
    assert "Li Wei" in need or re.search("contact", need.text)

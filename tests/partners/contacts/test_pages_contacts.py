"""Organizations, contacts, roles and invitations on pages; and a contact's own pages, by link."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.actions.links import issue_email_code
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from partners.contacts.actions import ContactEdit, add_deputy, correct_contact, decrement_open_tasks
from partners.contacts.models import Contact, Organization
from partners.contacts.views.self_service import contact_link_page
from partners.memberships.actions import invite_member, issue_invitation_token
from partners.memberships.models import Invitation, Membership
from procurement.tasks import plan_messages
from tests.worlds import cities
from tests.worlds.cities import NOW, invited_contact, own_link
from workflow.clock import real_now
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
Role = Membership.Role
DETAILS = {"name_order": "family_first", "task_limit": "3", "holiday_country": "CN"}
PERSON = {"name": "李伟", "language": "zh-hans", "time_zone": "Asia/Urumqi"}  # only the contact changes it


def text(response, status=200):
    assert response.status_code == status, response.content.decode()[-3000:]
    return response.content.decode()


@pytest.fixture
def burnaby():
    cities.twinning("burnaby", "zhongshan")
    return cities.city("burnaby")


# --- organizations and contacts ---
def test_officer_adds_an_organization_and_a_contact_of_a_partner_city(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    hospital = {"kind": "hospital", "name_en": "Central Hospital", "name_local": "中心医院"}
    assert client.post("/cities/zhongshan/offices/add/", hospital).status_code == 303
    office = Organization.objects.get()
    assert re.search(r'value="family_first"\s+selected', text(client.get("/cities/zhongshan/contacts/add/")))
    data: dict[str, Any] = {
        **DETAILS, "organization": office.pk, "name": "Li Wei", "email": "li@office.example", "title": "Chief",
        "languages": ["zh-hans", "en"], "families": ["mask"], "checks": ["sample_test"],
        "working_from": "09:00", "working_until": "17:30",
    }  # fmt: skip
    response = client.post("/cities/zhongshan/contacts/add/", data)
    assert response.status_code == 303, response.content.decode()
    contact = Contact.objects.get()
    assert (contact.languages, contact.families, contact.checks, contact.introduced_by) == (
        ["zh-hans", "en"], ["mask"], ["sample_test"], burnaby,
    )  # fmt: skip
    assert "already a contact" in text(client.post("/cities/zhongshan/contacts/add/", data), 422)
    assert client.get("/cities/zhongshan/").status_code == 200


def test_introducing_city_is_recorded_for_a_new_contact_except_by_a_coordinator(signed_in, burnaby):
    office = cities.organization(burnaby)
    data = {**DETAILS, "organization": office.pk, "name": "Ann"}
    for client, email, by in (
        (signed_in(Role.ADMINISTRATOR, burnaby), "a@office.example", burnaby),
        (signed_in(Role.COORDINATOR), "b@office.example", None),
    ):
        assert client.post("/cities/burnaby/contacts/add/", {**data, "email": email}).status_code == 303
        assert Contact.objects.get(user__email=email).introduced_by == by


def test_invalid_contact_form_is_refused_and_other_cities_get_403(signed_in, burnaby):
    client = signed_in(Role.OFFICER, burnaby)
    cities.city("wuhan")
    office = cities.organization("zhongshan")
    data: dict[str, Any] = {
        **DETAILS,
        "organization": office.pk,
        "name": "X",
        "email": "x@office.example",
        "working_from": "09:00",
    }
    assert "Enter both the start and the end of working hours" in text(
        client.post("/cities/zhongshan/contacts/add/", data), 422
    )
    assert text(client.post("/cities/zhongshan/offices/add/", {"kind": "castle"}), 422)
    assert text(client.post("/cities/wuhan/offices/add/", {"kind": "hospital", "name_en": "H"}), 403)
    assert text(client.get("/cities/wuhan/offices/add/"), 403)


def test_missing_certificate_is_not_offered_as_a_check_for_contacts(signed_in, burnaby):
    office = cities.organization("zhongshan")
    client = signed_in(Role.OFFICER, burnaby)
    page = text(client.get("/cities/zhongshan/contacts/add/"))
    assert "Sample test" in page
    assert "Missing certificate" not in page
    data = {**DETAILS, "organization": office.pk, "name": "X", "email": "x@office.example"}
    wrong = client.post("/cities/zhongshan/contacts/add/", {**data, "checks": ["missing_certificate"]})
    assert wrong.status_code == 422


def test_contact_page_is_visible_to_own_and_partner_cities_and_404_for_others(signed_in, burnaby):
    contact = cities.contact(
        "zhongshan", "Li Wei", families=["mask"], checks=["sample_test"], languages=["zh-hans"]
    )
    decrement_open_tasks(contact, hours=20, at=NOW)
    page = text(signed_in(Role.OFFICER, burnaby).get(f"/contacts/{contact.pk}/"))
    for words in (
        "Li Wei",
        "Masks",
        "Sample test",
        "usually replies within 20 hours",
        "0 of at most 5",
    ):
        assert words in page, words
    assert "agreed to receive requests" not in page  # only the contact's own city reads the history
    assert "agreed to receive requests" in text(
        signed_in(Role.OBSERVER, cities.city("zhongshan")).get(f"/contacts/{contact.pk}/")
    )
    assert signed_in(Role.OFFICER, cities.city("markham")).get(f"/contacts/{contact.pk}/").status_code == 404


def test_contact_page_query_count_stays_within_its_budget(signed_in, burnaby, django_assert_max_num_queries):
    contact = cities.contact("zhongshan")
    for number in range(3):
        add_deputy(contact, cities.contact("zhongshan", f"N {number}"), by=own_link(contact), at=NOW)
    client = signed_in(Role.OFFICER, burnaby)
    client.get(f"/contacts/{contact.pk}/")
    with django_assert_max_num_queries(26):
        client.get(f"/contacts/{contact.pk}/")


def test_contacts_own_city_edits_details_on_the_contact_page(signed_in, burnaby):
    contact, colleague = cities.contact("zhongshan", "Li Wei"), cities.contact("zhongshan", "Zhao Min")
    cities.contact("zhongshan", "Gone")
    client = signed_in(Role.OFFICER, contact.city)
    base = f"/contacts/{contact.pk}/"

    def move(verb, **told):
        assert client.get(f"{base}{verb}/").status_code == 200
        response = client.post(f"{base}{verb}/", told)
        assert response.status_code == 303, response.content.decode()
        contact.refresh_from_db()

    move("correct", **DETAILS, title="Director")
    assert contact.title == "Director"
    move("go_away", until="2020-05-01")
    assert "Away" in text(client.get(base))
    move("name_deputy", deputy=colleague.pk)
    assert "Zhao Min" in text(client.get(base))
    assert client.post(f"{base}stop/", {"reason": "left the office"}).status_code == 403
    assert client.post(f"{base}resume/").status_code == 403
    assert client.post(f"{base}confirm/").status_code == 403


# --- roles ---
def test_city_members_page_is_visible_to_the_own_city_only(signed_in, burnaby):
    officer = cities.member(Role.OFFICER, burnaby, "Officer Lane")
    page = text(signed_in(Role.OBSERVER, burnaby).get("/cities/burnaby/people/"))
    assert "Officer Lane" in page
    assert "Invite someone" not in page
    assert "Officer Lane" in text(signed_in(Role.COORDINATOR).get("/cities/burnaby/people/"))
    for stranger in (signed_in(Role.ADMINISTRATOR, cities.city("markham")), signed_in(cities.user())):
        assert stranger.get("/cities/burnaby/people/").status_code == 404
        assert stranger.get("/cities/burnaby/people/invite/").status_code == 404
    assert officer.memberships.count() == 1


INVITATION = {"name": "New Person", "email": "new@city.example", "role": "officer", "language": ""}


def send_invitation(client: Client) -> Invitation:
    """Send an invitation to an officer on the page of Burnaby's people, and return it."""
    assert client.post("/cities/burnaby/people/invite/", INVITATION).status_code == 303
    return Invitation.objects.get()


def test_administrator_invites_a_person_to_a_role_of_the_own_city_only(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    page = text(client.get("/cities/burnaby/people/invite/"))
    assert "Procurement officer" in page
    assert "Coordinator" not in page
    assert text(client.post("/cities/burnaby/people/invite/", {**INVITATION, "role": "coordinator"}), 422)
    assert not Invitation.objects.exists()
    invitation = send_invitation(client)
    assert (invitation.city, invitation.role, invitation.status) == (burnaby, "officer", "sent")
    assert "new@city.example" in text(client.get("/cities/burnaby/people/"))


def test_person_with_an_open_invitation_is_not_invited_again(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    send_invitation(client)
    again = client.post("/cities/burnaby/people/invite/", INVITATION)
    assert "has already been invited" in text(again, 422)
    assert Invitation.objects.count() == 1


def test_resent_invitation_is_mailed_again_and_its_old_link_stops_working(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    invitation = send_invitation(client)
    link = f"/join/{issue_invitation_token(invitation)}/"
    assert Client().get(link).status_code == 200
    assert client.post(f"/invitations/{invitation.pk}/renew/").status_code == 303
    assert Client().get(link).status_code == 410
    plan_messages(NOW)
    assert Message.objects.filter(recipient=invitation.user, template="invitation").count() == 2


def test_withdrawn_invitation_has_no_working_link_and_cannot_be_withdrawn_again(signed_in, burnaby):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    invitation = send_invitation(client)
    link = f"/join/{issue_invitation_token(invitation)}/"
    assert client.post(f"/invitations/{invitation.pk}/revoke/").status_code == 303
    invitation.refresh_from_db()
    assert invitation.status == "revoked"
    assert Client().get(link).status_code == 410
    assert text(client.post(f"/invitations/{invitation.pk}/revoke/"), 409)


def test_invitation_cannot_be_accepted_by_its_sender_or_resent_or_withdrawn_by_another_city(
    signed_in, burnaby
):
    client = signed_in(Role.ADMINISTRATOR, burnaby)
    invitation = send_invitation(client)
    assert client.post(f"/invitations/{invitation.pk}/accept/").status_code == 404
    other = signed_in(Role.ADMINISTRATOR, cities.city("markham"))
    for verb in ("renew", "revoke"):
        assert other.post(f"/invitations/{invitation.pk}/{verb}/").status_code == 404
    invitation.refresh_from_db()
    assert invitation.status == "sent"


def test_expired_invitation_is_shown_as_expired(signed_in, burnaby):
    invite_member(
        email="late@city.example", name="Late", role="officer", city=burnaby, by=CONSOLE_ACTOR, at=NOW,
        real_at=cities.REAL_NOW - timedelta(days=365),
    )  # fmt: skip
    assert "expired" in text(signed_in(Role.ADMINISTRATOR, burnaby).get("/cities/burnaby/people/"))


def test_network_people_page_is_for_coordinators_only(signed_in, burnaby):
    client = signed_in(Role.COORDINATOR)
    assert "The whole network" in text(client.get("/network/people/"))
    page = text(client.get("/network/people/invite/"))
    assert "City administrator" not in page
    data = {"name": "New", "email": "new@network.example", "role": "coordinator", "language": "en"}
    assert client.post("/network/people/invite/", data).status_code == 303
    assert signed_in(Role.ADMINISTRATOR, burnaby).get("/network/people/").status_code == 404


def test_role_is_ended_by_an_administrator_or_by_its_holder(signed_in, burnaby):
    administrator = cities.member(Role.ADMINISTRATOR, burnaby)
    client = signed_in(administrator)
    officer = cities.member(Role.OFFICER, burnaby)
    response = client.post(f"/roles/{officer.memberships.get().pk}/end/")
    assert (response.status_code, response["Location"]) == (303, "/cities/burnaby/people/")
    assert "needs at least one administrator" in text(
        client.post(f"/roles/{administrator.memberships.get().pk}/end/"), 422
    )
    other = cities.member(Role.OBSERVER, burnaby)
    response = signed_in(other).post(f"/roles/{other.memberships.get().pk}/end/")
    assert (response.status_code, response["Location"]) == (303, "/")
    assert (
        signed_in(Role.OFFICER, burnaby).post(f"/roles/{administrator.memberships.get().pk}/end/").status_code
        == 403
    )
    assert (
        signed_in(Role.OFFICER, cities.city("markham"))
        .post(f"/roles/{administrator.memberships.get().pk}/end/")
        .status_code
        == 404
    )


# --- a contact's own pages ---
def test_contact_consents_by_link_with_a_checkbox(by_link, burnaby):
    contact = invited_contact("zhongshan", introduced_by=burnaby)
    client = by_link(contact)
    response = client.get(f"/me/{contact.pk}/")
    assert response["Location"] == f"/me/{contact.pk}/agree/"
    page = text(client.get(response["Location"]))
    assert "本拿比" in page
    assert "Li Wei" not in page
    assert text(client.post(response["Location"], {"agree_now": "1"}), 422)
    assert client.post(response["Location"], {"agree_now": "1", "agree": "on"}).status_code == 303
    contact.refresh_from_db()
    assert contact.status == "active"
    assert ActionLink.objects.get().uses == 1
    assert client.get(response["Location"]).status_code == 200
    assert client.get(f"/me/{contact.pk}/")["Location"] == f"/me/{contact.pk}/asked/"


def test_contact_declines_by_link_and_may_consent_later(by_link):
    contact = invited_contact("zhongshan")
    client, address = by_link(contact), f"/me/{contact.pk}/agree/"
    assert client.post(address, {"stop": "1"}).status_code == 303
    contact.refresh_from_db()
    assert contact.status == "opted_out"
    assert text(client.post(address, {"stop": "1"}), 409)
    assert client.post(address, {"agree_now": "1", "agree": "on"}).status_code == 303
    contact.refresh_from_db()
    assert contact.status == "active"


def test_contacts_own_data_page_requires_the_six_digit_code(by_link, burnaby):
    contact = cities.contact("zhongshan", "Li Wei", introduced_by=burnaby)
    add_deputy(contact, cities.contact("zhongshan", "Zhao Min"), by=own_link(contact), at=NOW)
    client, address = by_link(contact), f"/me/{contact.pk}/details/"
    assert contact.user.email not in text(client.get(address))
    code = issue_email_code(ActionLink.objects.get(), real_at=real_now())
    assert client.post(address, {"link_code": code}).status_code == 303
    page = text(client.get(address))
    for words in (contact.user.email, "Zhao Min", "本拿比", "您熟悉的产品"):
        assert words in page
    assert client.post(address, {**DETAILS, **PERSON, "correct": "1", "title": "处长"}).status_code == 303
    assert client.post(address, {"away": "1", "until": "2020-05-01"}).status_code == 303
    assert text(client.post(address, {"away": "1", "until": "soon"}), 422)
    assert text(client.post(address, {"away": "1", "until": "2020-01-01"}), 422)
    contact.refresh_from_db()
    assert (contact.title, contact.away_until) == ("处长", date(2020, 5, 1))
    colleague = cities.contact("zhongshan", "Wang Fang")
    assert client.post(address, {"name_deputy": "1", "deputy": colleague.pk}).status_code == 303
    assert text(client.post(address, {"name_deputy": "1", "deputy": contact.pk}), 422)
    data = json.loads(client.get(f"{address}about-me.json").content)
    assert (data["name"], data["title"], data["deputies"], data["introduced_by"]) == (
        "李伟",
        "处长",
        ["Zhao Min", "Wang Fang"],
        "Burnaby",
    )
    assert [entry["verb"] for entry in data["journal"]][-2:] == ["go_away", "name_deputy"]
    assert len(data["links"]) == 1
    assert 'name="drop_deputy"' in text(client.get(address))
    assert client.post(address, {"drop_deputy": "1", "deputy": colleague.pk}).status_code == 303
    assert text(client.post(address, {"drop_deputy": "1", "deputy": colleague.pk}), 422)
    assert [str(one) for one in contact.deputies.all()] == ["Zhao Min"]


def test_contact_link_opens_no_other_contacts_page(by_link):
    mine, other = invited_contact("zhongshan"), invited_contact("zhongshan", "Zhao Min")
    client = by_link(mine)
    assert client.get(f"/me/{other.pk}/agree/").status_code == 403
    link = ActionLink.objects.get()
    ActionLink.objects.filter(pk=link.pk).update(thing_id=other.pk)
    assert client.get(f"/me/{mine.pk}/agree/").status_code == 404
    assert Client().get(f"/me/{mine.pk}/agree/").status_code == 403


def test_first_page_of_a_contact_link_names_the_asking_city(burnaby):
    invited = invited_contact("zhongshan", introduced_by=burnaby)
    agreed = cities.contact("zhongshan", "Zhao Min")
    first, second = (contact_link_page(ActionLink(thing_id=one.pk)) for one in (invited, agreed))
    assert first is not None
    assert second is not None
    assert (first.requesting_office, str(first.subject)) == (
        "City of Burnaby",
        "May your city’s partner cities ask you for help?",
    )
    assert (second.requesting_office, str(second.subject)) == (
        "Twinlane, on behalf of the partner cities of Zhongshan",
        "Your page",
    )
    assert contact_link_page(ActionLink(thing_id=0)) is None


@pytest.mark.parametrize(
    ("code", "words"), [("CN", "China"), ("CA-BC", "Canada · British Columbia"), ("", "")]
)
def test_holiday_calendar_of_a_contact_is_shown_by_country_name(signed_in, burnaby, code, words):
    contact = cities.contact("zhongshan", "Li Wei")
    correct_contact(contact, ContactEdit(holiday_country=code), by=cities.powers(Role.COORDINATOR), at=NOW)
    html = text(signed_in(Role.OFFICER, burnaby).get(f"/contacts/{contact.pk}/"))
    assert ("Public holidays (country or region)" in html) == bool(words)
    assert not words or f"<dd>{words}</dd>" in html


# --- names in two scripts ---
def contact_with_reading(**facts: Any) -> Contact:
    return cities.contact("zhongshan", "陈晓岚", title="项目主管", **facts)


READ = {"name_latin": "Chen Xiaolan", "family_name": "Chen", "form_of_address": "ms"}


def test_suggested_latin_spelling_of_a_name_counts_only_after_it_is_saved(signed_in, burnaby):
    contact = contact_with_reading()
    keeper = signed_in(Role.OFFICER, cities.city("zhongshan"))
    page = " ".join(text(keeper.get(f"/contacts/{contact.pk}/")).split())
    assert "Suggested: Chen Xiaolan (not confirmed yet)" in page
    assert '<h1><span lang="zh-Hans">陈晓岚</span></h1>' in page
    form = text(keeper.get(f"/contacts/{contact.pk}/correct/"))
    assert 'value="Chen Xiaolan"' in form
    assert 'value="Chen"' in form
    assert keeper.post(f"/contacts/{contact.pk}/correct/", DETAILS | READ).status_code == 303
    page = " ".join(text(keeper.get(f"/contacts/{contact.pk}/")).split())
    assert '<h1>Chen Xiaolan <span class="local" lang="zh-Hans">(陈晓岚)</span></h1>' in page
    assert "<dd>Ms Chen</dd>" in page
    assert "not confirmed yet" not in page


def test_chinese_readers_see_names_in_characters_with_chinese_titles(signed_in, burnaby):
    contact = contact_with_reading(**READ, title_en="Programme Manager", title_fr="Responsable de programme")
    client = signed_in(Role.OFFICER, burnaby)
    for language, heading, title in (
        ("en", "Chen Xiaolan <span", "Programme Manager, "),
        ("fr-ca", "Chen Xiaolan <span", "Responsable de programme, "),
        ("zh-hans", "陈晓岚</h1>", "项目主管"),
    ):
        client.post("/language/", {"language": language})
        page = " ".join(text(client.get(f"/contacts/{contact.pk}/")).split())
        assert f"<h1>{heading}" in page
        assert title in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name_latin": "陈 Xiaolan"}, "Enter the name in Latin letters, without Chinese characters."),
        (
            {"family_name": "Chan"},
            "Enter the family name exactly as it appears in the name in Latin letters.",
        ),
    ],
)
def test_latin_spelling_that_does_not_fit_the_name_is_refused(signed_in, burnaby, wrong, words):
    contact = contact_with_reading()
    keeper = signed_in(Role.OFFICER, cities.city("zhongshan"))
    answer = keeper.post(f"/contacts/{contact.pk}/correct/", DETAILS | READ | wrong)
    assert words in text(answer, 422)
    contact.user.refresh_from_db()
    assert contact.user.name_latin == ""


def test_changed_name_clears_its_former_latin_spelling(burnaby):
    contact = contact_with_reading(**READ)
    correct_contact(contact, ContactEdit(name="李伟"), by=own_link(contact), at=NOW)
    contact.user.refresh_from_db()
    assert (contact.user.name_latin, contact.user.family_name, str(contact)) == ("", "", "李伟")


def test_journal_label_of_a_person_has_both_scripts(burnaby):
    contact = contact_with_reading(**READ)
    assert own_link(contact).label == "Chen Xiaolan (陈晓岚)"


def test_contacts_are_found_by_the_latin_spelling_of_their_name(burnaby):
    contact = contact_with_reading(**READ)
    assert list(Contact.objects.all().search("xiaolan")) == [contact]

"""The choice of how mail of each kind arrives, made on the account's page or from the mail itself."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.notification_preferences import preferences_of, set_preferences
from accounts.actions.people import stop_mail
from accounts.actors import SelfActor
from accounts.hooks import notification_categories
from accounts.models import NotificationPreference
from accounts.tokens import unsubscribe_token
from tests.accounts.conftest import signed_in
from tests.worlds.cities import NOW
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
PAGE = "/account/notifications/"


def save_choice(user, **choices):
    return set_preferences(user, choices, by=SelfActor(user), at=NOW)


class TestPreferences:
    def test_all_notifications_are_immediate_by_default(self, observer):
        assert set(preferences_of(observer).values()) == {"at_once"}
        assert set(preferences_of(observer)) == {kind.name for kind in notification_categories.get()}

    def test_notification_choice_is_saved_and_journaled(self, observer):
        assert save_choice(observer, comments="digest", offers="at_once") == ["comments"]
        assert preferences_of(observer)["comments"] == "digest"
        entry = history_of(observer).filter(verb="choose_mail").get()
        assert entry.by == observer
        assert (entry.before, entry.after) == ({"comments": "at_once"}, {"comments": "digest"})

    def test_unchanged_notification_choice_records_nothing(self, observer):
        save_choice(observer, comments="off")
        assert save_choice(observer, comments="off") == []
        assert history_of(observer).filter(verb="choose_mail").count() == 1

    @pytest.mark.parametrize(
        ("kind", "delivery"),
        [("recalls", "off"), ("account", "digest"), ("calls", "off"), ("offers", "never")],
    )
    def test_delivery_not_offered_for_notification_kind_is_refused_with_reason(
        self, observer, kind, delivery
    ):
        with pytest.raises(Refused) as refused:
            save_choice(observer, **{kind: delivery})
        assert (refused.value.code, refused.value.details["field"]) == ("way_not_open", kind)
        assert len(str(refused.value.message)) > 30
        assert not NotificationPreference.objects.exists()

    def test_unknown_notification_kind_is_refused(self, observer):
        with pytest.raises(Refused, match="type of notification does not exist"):
            save_choice(observer, weather="off")

    def test_stored_choice_no_longer_offered_falls_back_to_immediate(self, observer):
        NotificationPreference.objects.create(user=observer, kind="recalls", delivery="off")
        assert preferences_of(observer)["recalls"] == "at_once"

    def test_every_notification_kind_with_limited_choices_gives_reason(self):
        for kind in notification_categories.get():
            assert bool(kind.restriction_reason) == (len(kind.delivery_choices) < 3), kind.name


class TestPage:
    def test_notification_page_shows_and_saves_choices(self, observer):
        client = signed_in(observer)
        page = client.get(PAGE).content.decode()
        assert "Always sent immediately" in page
        assert "People may be using the goods" in page
        sent = {
            kind.name: "at_once" for kind in notification_categories.get() if len(kind.delivery_choices) > 1
        }
        answer = client.post(PAGE, {**sent, "comments": "off", "calls": "digest"}, follow=True)
        assert "Your choices have been saved." in answer.content.decode()
        choices = preferences_of(observer)
        assert (choices["comments"], choices["calls"]) == ("off", "digest")
        again = client.post(PAGE, {**sent, "comments": "off", "calls": "digest"}, follow=True)
        assert "Nothing was changed." in again.content.decode()

    def test_delivery_not_offered_is_field_error_on_notification_page(self, observer):
        sent = {
            kind.name: "at_once" for kind in notification_categories.get() if len(kind.delivery_choices) > 1
        }
        answer = signed_in(observer).post(PAGE, {**sent, "calls": "off"})
        assert answer.status_code == 422
        assert not NotificationPreference.objects.exists()

    def test_notification_page_tells_unsubscribed_person_no_mail_is_sent(self, observer):
        stop_mail(observer, by=SelfActor(observer), at=NOW)
        assert (
            "You have unsubscribed, so you receive no emails."
            in signed_in(observer).get(PAGE).content.decode()
        )

    def test_account_page_links_to_notification_page(self, observer):
        assert PAGE in signed_in(observer).get("/account/").content.decode()

    def test_visitor_to_notification_page_is_sent_to_sign_in(self, db):
        assert Client().get(PAGE)["Location"].startswith("/accounts/login/?next=")


class TestUnsubscribingByMail:
    def address(self, user, kind):
        return reverse("stop_kind", args=[unsubscribe_token(user.pk, kind)])

    def test_opening_stop_page_changes_nothing_and_its_button_turns_kind_off(self, observer):
        url = self.address(observer, "comments")
        page = Client().get(url)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Stop emails about: Comments" in page.content.decode()
        assert not NotificationPreference.objects.exists()
        Client().post(url)
        assert preferences_of(observer)["comments"] == "off"
        observer.refresh_from_db()
        assert observer.stopped_at is None, "other mail still comes"

    def test_one_click_unsubscribe_by_mail_program_turns_kind_off_without_csrf(self, observer):
        answer = Client(enforce_csrf_checks=True).post(
            self.address(observer, "offers"), {"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
        assert preferences_of(observer)["offers"] == "off"

    def test_stopped_notification_kind_is_resumed_on_stop_page(self, observer):
        url = self.address(observer, "comments")
        Client().post(url)
        assert "Resume (send immediately)" in Client().get(url).content.decode()
        Client().post(url, {"resume": "1"})
        assert preferences_of(observer)["comments"] == "at_once"

    def test_unsubscribing_from_daily_digest_turns_off_all_its_kinds(self, observer):
        save_choice(observer, comments="digest", offers="digest", calls="digest")
        url = self.address(observer, "digest")
        assert "Stop the daily summary" in Client().get(url).content.decode()
        Client().post(url)
        choices = preferences_of(observer)
        assert (choices["comments"], choices["offers"], choices["checks"]) == ("off", "off", "at_once")
        assert choices["calls"] == "digest", "no one else is told of those"
        assert "These emails have been stopped" in Client().get(url).content.decode()
        Client().post(url, {"resume": "1"})
        assert preferences_of(observer)["comments"] == "off", "what came before is unknown any more"

    @pytest.mark.parametrize("kind", ["recalls", "weather"])
    def test_mandatory_notification_kind_cannot_be_stopped(self, observer, kind):
        assert Client().post(self.address(observer, kind)).status_code == 404

    def test_forged_or_mismatched_unsubscribe_token_is_404(self, observer):
        for token in ("x" * 43, unsubscribe_token(observer.pk)):
            assert Client().get(reverse("stop_kind", args=[token])).status_code == 404
        both = reverse("stop_mail", args=[unsubscribe_token(observer.pk, "comments")])
        assert Client().get(both).status_code == 404

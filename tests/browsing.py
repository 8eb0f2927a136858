"""A test client that uses pages as a person does: it reads the HTML, fills in fields and presses buttons by their text.

Each sent form is also checked against two promises of the product: a form sent twice takes effect once, and a
refused form changes nothing and keeps what was typed. No browser runs, so everything here works without JavaScript.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from lxml import html

from workflow.journal.models import Entry
from workflow.outbox.models import Message

ALERT = ".//*[@role='alert']"
SENT = ("submit", "button", "image", "reset", "file")


def words(node: Any) -> str:
    """Return the text of a node as a person reads it: all kinds of white space become single spaces."""
    return re.sub(r"\s+", " ", node.text_content().replace("\xa0", " ").replace("\u202f", " ")).strip()


class Form:
    """One form of a page, with the values of its fields."""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.fields: dict[str, list[str]] = {}
        for control in node.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
            self.fields.setdefault(control.get("name"), []).extend(_standing_in(control))

    @property
    def buttons(self) -> dict[str, Any]:
        """The buttons that send the form, by their text."""
        sending = self.node.xpath(".//button[not(@type) or @type='submit']")
        return {words(button): button for button in sending}

    @property
    def names(self) -> set[str]:
        """Names of the fields that a person fills in: all except the hidden ones."""
        hidden = {one.get("name") for one in self.node.xpath(".//input[@type='hidden']")}
        return set(self.fields) - hidden

    def choices(self, name: str) -> dict[str, str]:
        """Return the values of a choice field, by their labels."""
        found = {
            words(one): one.get("value", "") for one in self.node.xpath(f".//select[@name='{name}']//option")
        }
        for one in self.node.xpath(f".//input[@name='{name}'][@type='radio' or @type='checkbox']"):
            label = self.node.xpath(
                f".//label[@for='{one.get('id')}'] | .//label[.//input[@id='{one.get('id')}']]"
            )
            found[words(label[0]) if label else one.get("value", "on")] = one.get("value", "on")
        return found

    def filled(self, button: Any, typed: dict[str, Any]) -> dict[str, Any]:
        """Return the data that a browser sends with this button.

        The data holds the values of the form, replaced by the typed ones. A typed None removes the field.
        Fails if a typed field is not in the form.
        """
        unknown = set(typed) - set(self.fields) - {"file"}
        assert not unknown, f"no field {sorted(unknown)} among {sorted(self.names)}"
        sent: dict[str, Any] = {name: values for name, values in self.fields.items() if values}
        for name, value in typed.items():
            sent[name] = self._chosen(name, value)
        if button.get("name"):
            sent[button.get("name")] = button.get("value", "")
        return {name: value for name, value in sent.items() if value is not None}

    def _chosen(self, name: str, value: Any) -> Any:
        """Return the values of the chosen options, which may be named by their labels.

        Fails if an option is not on offer.
        """
        choices = self.choices(name)
        if not choices or value is None:
            return value
        picked = [choices.get(one, one) for one in ([value] if isinstance(value, str) else value)]
        offered = set(choices.values())
        assert set(picked) <= offered, f"{name}: {picked} is not among {choices}"
        return picked


def _standing_in(control: Any) -> list[str]:
    """Return the values that an unchanged control sends."""
    if control.tag == "textarea":
        return [(control.text or "").removeprefix("\n")]
    if control.tag == "select":
        options = control.xpath(".//option")
        chosen = [one for one in options if one.get("selected") is not None]
        if not chosen and control.get("multiple") is None:
            chosen = options[:1]
        return [one.get("value", "") for one in chosen]
    kind = control.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [] if kind in SENT else [control.get("value", "")]


class Page:
    """A response, as a person reads it."""

    def __init__(self, browser: "Browser", answer: Any, at: str) -> None:
        self.browser, self.answer, self.at = browser, answer, at
        self.status: int = answer.status_code
        body = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
        self.root = html.fromstring(body) if body.strip() else html.fromstring("<html></html>")
        mains = self.root.xpath("//main")
        self.main = mains[0] if mains else self.root

    def __contains__(self, text: str) -> bool:
        return text in self.text

    @property
    def text(self) -> str:
        """The text of the main part of the page, without the frame around it."""
        return words(self.main)

    @property
    def heading(self) -> str:
        """The text of the first `h1`."""
        return words(self.main.xpath(".//h1")[0])

    @property
    def alert(self) -> str:
        """The text of all alerts: the reason of a refusal, or the list of errors in a form."""
        return " | ".join(words(node) for node in self.main.xpath(ALERT))

    @property
    def wrong(self) -> dict[str, str]:
        """The error messages at the fields, by the name of the field."""
        found = {}
        for group in self.main.xpath(".//*[contains(@class, 'field-error')]"):
            name = group.xpath("(.//*[@name])[1]/@name")[0]
            found[name] = " ".join(words(one) for one in group.xpath(".//*[@class='errors']/li"))
        return found

    @property
    def forms(self) -> list[Form]:
        """The forms in the main part of the page that send POST."""
        return [Form(node) for node in self.main.xpath(".//form[@method='post' or @method='POST']")]

    @property
    def buttons(self) -> list[str]:
        """The texts of all buttons that can be pressed."""
        return [button for form in self.forms for button in form.buttons]

    @property
    def ways(self) -> list[tuple[str, str]]:
        """The links and forms of the page that stay within the product, as (`"get"` or `"post"`, address)."""
        links = [("get", one.get("href")) for one in self.main.xpath(".//a[@href]")]
        posts = [("post", form.node.get("action") or self.at) for form in self.forms]
        return [
            (how, urljoin(self.at, where))
            for how, where in links + posts
            if where.startswith(("/", "?", "."))
        ]

    def form(self, button: str) -> Form:
        """Return the form with this button. Fails if no form has it."""
        for form in self.forms:
            if button in form.buttons:
                return form
        raise AssertionError(f"no button “{button}” at {self.at}, but {self.buttons}: {self.text[:1500]}")

    def value(self, name: str) -> str:
        """Return the present value of a field. Fails if the field is missing or empty."""
        for form in self.forms:
            if form.fields.get(name):
                return form.fields[name][0]
        raise AssertionError(f"nothing stands in a field {name} at {self.at}")

    def press(self, button: str, **typed: Any) -> "Page":
        """Fill in the form with this button, send it and return the page that follows."""
        form = self.form(button)
        target = urljoin(self.at, form.node.get("action") or "")
        return self.browser.send(target, form.filled(form.buttons[button], typed), typed)

    def do(self, verb: str, about: Any = None, **typed: Any) -> "Page":
        """Make a move that the page offers: press its button, or follow its link and send the form there."""
        target = f"{about.get_absolute_url() if about is not None else self.at}{verb}/"
        for form in self.forms:
            if form.node.get("action") == target:
                button = next(iter(form.buttons.values()))
                return self.browser.send(target, form.filled(button, typed), typed)
        assert ("get", target) in self.ways, f"{verb} is not offered at {self.at}: {self.text[:1500]}"
        asks = self.browser.open(target)
        return asks.press(asks.buttons[0], **typed)

    def follow(self, text: str) -> "Page":
        """Open the page behind a link."""
        for link in self.main.xpath(".//a[@href]"):
            if text in words(link):
                return self.browser.open(urljoin(self.at, link.get("href")))
        raise AssertionError(f"no link “{text}” at {self.at}: {self.text[:1500]}")


class Browser:
    """One person's browser.

    Every form with a nonce is sent a second time, unless it carries a file: the second time must change
    nothing.
    """

    def __init__(self, user: Any = None, language: str = "") -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        if language:
            self.client.post("/language/", {"language": language, "next": "/"})

    def open(self, address: Any) -> Page:
        """Open an address of this site, or the page of an object, and follow all redirects."""
        address = address if isinstance(address, str) else address.get_absolute_url()
        at = urldefrag(address.removeprefix(settings.BASE_URL)).url
        answer = self.client.get(at)
        while answer.status_code in (301, 302, 303):
            at = urldefrag(urljoin(at, answer["Location"])).url
            answer = self.client.get(at)
        return Page(self, answer, at)

    def activity(self, thing: Any) -> Page:
        """Open the page of an object with its comments, files and history."""
        return self.open(f"{thing.get_absolute_url()}?activity")

    def send(self, target: str, sent: dict[str, Any], typed: dict[str, Any]) -> Page:
        """Send a form and return the page that follows.

        Fails if a refused form changed something, or if the page no longer shows what was typed.
        """
        before = counts_of_entries_and_messages()
        answer = self.client.post(target, sent)
        if answer.status_code in (301, 302, 303):
            self._again(target, sent, answer)
            return self.open(urljoin(target, answer["Location"]))
        page = Page(self, answer, target)
        if answer.status_code >= 400:
            assert counts_of_entries_and_messages() == before, f"{target} was refused and something changed"
            for name in lost_inputs(page, typed):
                raise AssertionError(
                    f"{name} was typed and is lost at {target}: {page.alert} {page.text[:600]}"
                )
        return page

    def _again(self, target: str, sent: dict[str, Any], first: Any) -> None:
        """Send the same form once more, as an impatient user does, and check that nothing changes."""
        if not sent.get("nonce") or any(isinstance(value, UploadedFile) for value in sent.values()):
            return
        before = counts_of_entries_and_messages()
        second = self.client.post(target, sent)
        assert second["Location"] == first["Location"], f"{target} sent twice leads elsewhere"
        assert counts_of_entries_and_messages() == before, f"{target} sent twice was done twice"


def counts_of_entries_and_messages() -> tuple[int, int]:
    """Return the number of journal entries and the number of messages."""
    return Entry.objects.count(), Message.objects.count()


def lost_inputs(page: Page, typed: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the typed fields whose content is missing from a refused page."""
    kept: dict[str, list[str]] = {}
    for form in page.forms:
        for name, values in form.fields.items():
            kept.setdefault(name, []).extend(values)
    for name, value in typed.items():
        if value is None or isinstance(value, UploadedFile):
            continue
        given = [value] if isinstance(value, str) else list(value)
        chosen = {words: code for form in page.forms for words, code in form.choices(name).items()}
        if not all(
            one in kept.get(name, []) or chosen.get(one) in kept.get(name, []) for one in given if one
        ):
            yield name

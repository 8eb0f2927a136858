"""A person at the pages, without a browser: reads what stands there, fills in the fields that are there, presses a button by its words.

Whatever is pressed is held to the house's promises: a form sent twice is done once; what is refused changes nothing, and nothing
typed is lost. Pages are read as HTML only, so everything here works without JavaScript.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.test import Client
from lxml import html

from workflow.models.journal import Entry
from workflow.models.post import Message

ALERT = ".//*[@role='alert']"
SENT = ("submit", "button", "image", "reset", "file")


def words(node: Any) -> str:
    """The text of a node as it is read: spaces of every kind made one."""
    return re.sub(r"\s+", " ", node.text_content().replace("\xa0", " ").replace("\u202f", " ")).strip()


class Form:
    """One form of a page, with what stands in its fields."""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.fields: dict[str, list[str]] = {}
        for control in node.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
            self.fields.setdefault(control.get("name"), []).extend(_standing_in(control))

    @property
    def buttons(self) -> dict[str, Any]:
        """The buttons that send it, by their words."""
        sending = self.node.xpath(".//button[not(@type) or @type='submit']")
        return {words(button): button for button in sending}

    @property
    def names(self) -> set[str]:
        """The fields somebody fills in."""
        hidden = {one.get("name") for one in self.node.xpath(".//input[@type='hidden']")}
        return set(self.fields) - hidden

    def choices(self, name: str) -> dict[str, str]:
        """The values of a choice, by the words beside them."""
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
        """What the browser sends: what stands there, what was typed over it, and the button that was pressed."""
        unknown = set(typed) - set(self.fields) - {"file"}
        assert not unknown, f"no field {sorted(unknown)} among {sorted(self.names)}"
        sent: dict[str, Any] = {name: values for name, values in self.fields.items() if values}
        for name, value in typed.items():
            sent[name] = self._chosen(name, value)
        if button.get("name"):
            sent[button.get("name")] = button.get("value", "")
        return {name: value for name, value in sent.items() if value is not None}

    def _chosen(self, name: str, value: Any) -> Any:
        """A choice may be made by its words; what is no choice of the page cannot be made."""
        choices = self.choices(name)
        if not choices or value is None:
            return value
        picked = [choices.get(one, one) for one in ([value] if isinstance(value, str) else value)]
        offered = set(choices.values())
        assert set(picked) <= offered, f"{name}: {picked} is not among {choices}"
        return picked


def _standing_in(control: Any) -> list[str]:
    """What a control would send as it stands."""
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
    """What came back, as a person reads it."""

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
        """Everything on it, without the frame around it."""
        return words(self.main)

    @property
    def heading(self) -> str:
        """Its first line."""
        return words(self.main.xpath(".//h1")[0])

    @property
    def alert(self) -> str:
        """What it warns of: the reason of a refusal, or the list of what is wrong with a form."""
        return " | ".join(words(node) for node in self.main.xpath(ALERT))

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong, field by field: the words that stand at the field itself."""
        found = {}
        for group in self.main.xpath(".//*[contains(@class, 'field-error')]"):
            name = group.xpath("(.//*[@name])[1]/@name")[0]
            found[name] = " ".join(words(one) for one in group.xpath(".//*[@class='errors']/li"))
        return found

    @property
    def forms(self) -> list[Form]:
        """Every form of the page itself."""
        return [Form(node) for node in self.main.xpath(".//form[@method='post' or @method='POST']")]

    @property
    def buttons(self) -> list[str]:
        """What can be pressed."""
        return [button for form in self.forms for button in form.buttons]

    @property
    def ways(self) -> list[tuple[str, str]]:
        """Every place the page leads to within the product: how (get or post), and where."""
        links = [("get", one.get("href")) for one in self.main.xpath(".//a[@href]")]
        posts = [("post", form.node.get("action") or self.at) for form in self.forms]
        return [
            (how, urljoin(self.at, where))
            for how, where in links + posts
            if where.startswith(("/", "?", "."))
        ]

    def form(self, button: str) -> Form:
        """The form with this button."""
        for form in self.forms:
            if button in form.buttons:
                return form
        raise AssertionError(f"no button “{button}” at {self.at}, but {self.buttons}: {self.text[:1500]}")

    def value(self, name: str) -> str:
        """What stands in a field."""
        for form in self.forms:
            if form.fields.get(name):
                return form.fields[name][0]
        raise AssertionError(f"nothing stands in a field {name} at {self.at}")

    def press(self, button: str, **typed: Any) -> "Page":
        """Fill in the form with this button and send it; then read what comes, whereto it leads."""
        form = self.form(button)
        target = urljoin(self.at, form.node.get("action") or "")
        return self.browser.send(target, form.filled(form.buttons[button], typed), typed)

    def do(self, verb: str, about: Any = None, **typed: Any) -> "Page":
        """Make a move the page offers, by its verb: the button itself, or the page that asks first what it needs."""
        target = f"{about.get_absolute_url() if about is not None else self.at}{verb}/"
        for form in self.forms:
            if form.node.get("action") == target:
                button = next(iter(form.buttons.values()))
                return self.browser.send(target, form.filled(button, typed), typed)
        assert ("get", target) in self.ways, f"{verb} is not offered at {self.at}: {self.text[:1500]}"
        asks = self.browser.open(target)
        return asks.press(asks.buttons[0], **typed)

    def follow(self, text: str) -> "Page":
        """Go where a link leads."""
        for link in self.main.xpath(".//a[@href]"):
            if text in words(link):
                return self.browser.open(urljoin(self.at, link.get("href")))
        raise AssertionError(f"no link “{text}” at {self.at}: {self.text[:1500]}")


class Browser:
    """One person's browser. Forms are sent twice wherever they carry a nonce: the second time must change nothing."""

    def __init__(self, user: Any = None, language: str = "") -> None:
        self.client = Client()
        if user is not None:
            self.client.force_login(user)
        if language:
            self.client.post("/language/", {"language": language, "next": "/"})

    def open(self, address: Any) -> Page:
        """Go to an address of ours, or to the page of a thing, wherever it leads."""
        address = address if isinstance(address, str) else address.get_absolute_url()
        at = urldefrag(address.removeprefix(settings.BASE_URL)).url
        answer = self.client.get(at)
        while answer.status_code in (301, 302, 303):
            at = urldefrag(urljoin(at, answer["Location"])).url
            answer = self.client.get(at)
        return Page(self, answer, at)

    def send(self, target: str, sent: dict[str, Any], typed: dict[str, Any]) -> Page:
        """Send a form and read what comes."""
        before = happened()
        answer = self.client.post(target, sent)
        if answer.status_code in (301, 302, 303):
            self._again(target, sent, answer)
            return self.open(urljoin(target, answer["Location"]))
        page = Page(self, answer, target)
        if answer.status_code >= 400:
            assert happened() == before, f"{target} was refused and something changed"
            for name in lost(page, typed):
                raise AssertionError(
                    f"{name} was typed and is lost at {target}: {page.alert} {page.text[:600]}"
                )
        return page

    def _again(self, target: str, sent: dict[str, Any], first: Any) -> None:
        """The same form once more, as an impatient finger sends it."""
        if not sent.get("nonce") or any(isinstance(value, UploadedFile) for value in sent.values()):
            return
        before = happened()
        second = self.client.post(target, sent)
        assert second["Location"] == first["Location"], f"{target} sent twice leads elsewhere"
        assert happened() == before, f"{target} sent twice was done twice"


def happened() -> tuple[int, int]:
    """How much is in the journal and in the ledger of messages."""
    return Entry.objects.count(), Message.objects.count()


def lost(page: Page, typed: dict[str, Any]) -> Iterator[str]:
    """The fields whose content a refused page no longer holds."""
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

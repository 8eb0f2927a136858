"""A program of one person: asks the API with their token, and says what came back."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.test import Client

from accounts.actions import tokens
from accounts.actors import Oneself
from accounts.models import User
from workflow import clock

ROOT = "/api/v1/"
_names = count(1)


class Program:
    """Asks below /api/v1/ as one person. `get` and `post` give the JSON of an answer that went well; `ask` gives any answer."""

    def __init__(self, user: User, scopes: tuple[str, ...] = ("read", "write"), language: str = "en") -> None:
        self.user = user
        at = clock.real_now()
        token = tokens.issue(
            user, name=f"program {next(_names)}", scopes=scopes, days=30, by=Oneself(user), at=at, real_at=at
        )
        self.headers = {"authorization": f"Bearer {token.value}", "accept-language": language}
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Any answer."""
        address = path if path.startswith(("/", "http")) else f"{ROOT}{path}"
        given: dict[str, Any] = {"headers": {**self.headers, **headers}}
        if method == "post":
            given.update(data=body if body is not None else {}, content_type="application/json")
        return getattr(self.client, method)(address, **given)

    def get(self, path: str, **headers: str) -> Any:
        """What is there."""
        answer = self.ask("get", path, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """What came of it."""
        answer = self.ask("post", path, body, **headers)
        assert answer.status_code in (200, 201), f"{path}: {answer.content.decode()}"
        return answer.json()

    def send(self, path: str, **form: Any) -> Any:
        """A form with a file."""
        answer = self.client.post(f"{ROOT}{path}", data=form, headers=self.headers)
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()

    def refused(self, path: str, body: Any = None, **headers: str) -> Any:
        """The problem document of a POST that was refused."""
        return problem(self.ask("post", path, body, **headers))

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page."""
        following = path
        while following:
            page = self.get(following)
            yield from page["results"]
            following = page["next"]


def problem(answer: Any) -> Any:
    """A problem document, which says its own status."""
    assert answer["Content-Type"] == "application/problem+json", answer.content.decode()
    told = answer.json()
    assert told["status"] == answer.status_code >= 400
    assert told["type"].endswith(f"#problem-{told['code']}")
    assert told["title"]
    assert told["detail"]
    return told

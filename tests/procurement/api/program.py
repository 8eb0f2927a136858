"""API client of one person, which sends their token."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.test import Client

from accounts.actions.tokens import issue_token
from accounts.actors import SelfActor
from accounts.models import User
from workflow.clock import real_now

ROOT = "/api/v1/"
_names = count(1)


class Program:
    """Client of the API for one person; its paths are below /api/v1/.

    `get` and `post` return the JSON of a successful answer; `ask` returns any answer.
    """

    def __init__(self, user: User, scopes: tuple[str, ...] = ("read", "write"), language: str = "en") -> None:
        self.user = user
        at = real_now()
        token = issue_token(
            user,
            name=f"program {next(_names)}",
            scopes=scopes,
            days=30,
            by=SelfActor(user),
            at=at,
            real_at=at,
        )
        self.headers = {"authorization": f"Bearer {token.value}", "accept-language": language}
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request and return the response. Any status is accepted."""
        address = path if path.startswith(("/", "http")) else f"{ROOT}{path}"
        given: dict[str, Any] = {"headers": {**self.headers, **headers}}
        if method == "post":
            given.update(data=body if body is not None else {}, content_type="application/json")
        return getattr(self.client, method)(address, **given)

    def get(self, path: str, **headers: str) -> Any:
        """Return the JSON of a GET that succeeds."""
        answer = self.ask("get", path, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Return the JSON of a POST that succeeds."""
        answer = self.ask("post", path, body, **headers)
        assert answer.status_code in (200, 201), f"{path}: {answer.content.decode()}"
        return answer.json()

    def send(self, path: str, **form: Any) -> Any:
        """Send a form with a file."""
        answer = self.client.post(f"{ROOT}{path}", data=form, headers=self.headers)
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()

    def refused(self, path: str, body: Any = None, **headers: str) -> Any:
        """Return the problem document of a POST that was refused."""
        return problem(self.ask("post", path, body, **headers))

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield every row of a list, page by page."""
        following = path
        while following:
            page = self.get(following)
            yield from page["results"]
            following = page["next"]


def problem(answer: Any) -> Any:
    """Return the problem document of a response, after checking that it repeats the status."""
    assert answer["Content-Type"] == "application/problem+json", answer.content.decode()
    data = answer.json()
    assert data["status"] == answer.status_code >= 400
    assert data["type"].endswith(f"#problem-{data['code']}")
    assert data["title"]
    assert data["detail"]
    return data

"""Hooks between apps are declared in `hooks.py`, registered in `apps.py`, and not named in the settings (ADR 1)."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from accounts.hooks import link_pages
from tests.architecture.sources import ROOMS, ROOT, modules, name, tree
from workflow.hooks import Hook, KeyedHook

HOOKS = {"Hook", "KeyedHook"}


def declarations_in(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield, for each hook that a module creates, its line and the variable it is assigned to ("" if to none)."""
    named = {
        id(node.value): node.targets[0].id
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            made = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            if isinstance(made, ast.Name | ast.Attribute) and ast.unparse(made).split(".")[-1] in HOOKS:
                yield node.lineno, named.get(id(node), "")


@cache
def declared_hooks() -> dict[tuple[str, str], str]:
    """Return the file and line of each hook, by its module and name."""
    return {
        (".".join(path.relative_to(ROOT).with_suffix("").parts), called): f"{name(path)}:{line}"
        for path in modules()
        for line, called in declarations_in(tree(path))
    }


def test_hooks_are_declared_by_name_in_hooks_modules():
    assert len(declared_hooks()) > 15
    assert [
        where for (module, called), where in declared_hooks().items() if not called or module[-6:] != ".hooks"
    ] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('one = Hook[Callable[[int], str]]("a")', [(1, "one")]),
        ('one = KeyedHook[int]("a")', [(1, "one")]),
        ('one = hooks.Hook("a")', [(1, "one")]),
        ('use(Hook[int]("a"))', [(1, "")]),
        ("one = attach_file(thing)", []),
    ],
)
def test_hook_declarations_are_detected_in_every_form(line, found):
    assert list(declarations_in(ast.parse(line))) == found


def test_declared_hook_stores_its_own_import_path():
    for module, called in declared_hooks():
        hook = getattr(import_module(module), called)
        assert isinstance(hook, Hook | KeyedHook)
        assert hook.name == f"{module}.{called}"


def test_every_hook_is_registered_after_django_setup():
    """The check runs in a process of its own, because a test may have registered something in this one."""
    lines = [
        "import django, importlib",
        "django.setup()",
        f"for module, called in {list(declared_hooks())!r}:",
        "    getattr(importlib.import_module(module), called).get()",
        "    print(f'{module}.{called}')",
    ]
    answer = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [f"{module}.{called}" for module, called in declared_hooks()]


def test_link_pages_are_registered_for_existing_models():
    assert {apps.get_model(label)._meta.label_lower for label in link_pages.get()} == set(link_pages.get())


def registrations_in(module: ast.Module) -> list[int]:
    """Return the lines that register something with a hook, if the module imports hooks."""
    taken = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    ours = {
        alias.asname or alias.name
        for node in taken
        for alias in node.names
        if (node.module or "").endswith(".hooks") or alias.name == "hooks"
    }
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr == "register"
        and ast.unparse(node.value).split(".")[0] in ours
    ]


def test_hooks_are_registered_only_in_apps_modules():
    found = {name(path) for path in modules() if registrations_in(tree(path))}
    assert found == {"partners/apps.py", "procurement/apps.py"}


@pytest.mark.parametrize(
    "lines",
    [
        "from accounts import hooks\nhooks.actor_of_person.register(made)",
        "from accounts.hooks import actor_of_person\nactor_of_person.register(made)",
    ],
)
def test_hook_registration_is_detected_for_every_form_of_import(lines):
    assert registrations_in(ast.parse(lines)) == [2]


# Settings in which Django or a library, not our code, looks up our modules by their dotted paths.
READ_BY_LIBRARIES = frozenset({
    "ACCOUNT_ADAPTER",
    "ACCOUNT_FORMS",
    "AUTH_USER_MODEL",
    "CELERY_BEAT_SCHEDULE",
    "DATABASES",
    "FORMAT_MODULE_PATH",
    "FORM_RENDERER",
    "LOGGING",
    "MAILERS",
    "MESSAGE_STORAGE",
    "MFA_ADAPTER",
    "MFA_FORMS",
    "MIDDLEWARE",
    "REST_FRAMEWORK",
    "SOCIALACCOUNT_ADAPTER",
    "ROOT_URLCONF",
    "SESSION_ENGINE",
    "SPECTACULAR_SETTINGS",
    "STATICFILES_FINDERS",
    "STORAGES",
    "TEMPLATES",
    "USERSESSIONS_ADAPTER",
    "WSGI_APPLICATION",
})  # fmt: skip
# The environment may name another Celery application, or none.
CHOSEN_BY_A_DEPLOYMENT = frozenset({"NUDGE"})
SETTINGS = [ROOT / "config" / file for file in ("settings.py", "api.py", "auth.py")]
OURS = re.compile(rf"({'|'.join(ROOMS)})[.:](\w|$)")


def settings_with_our_paths(module: ast.Module) -> set[str]:
    """Return the settings whose value is a text that begins with the dotted path of one of our modules.

    Settings inside an `if` count as well.
    """
    found = set()
    for node in ast.walk(module):
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr) or node.value is None:
            continue
        texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
        if any(isinstance(text, str) and OURS.match(text) for text in texts):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node.value)]
            found |= {re.split(r"\W", ast.unparse(target))[0] for target in targets}
    return found


def test_settings_contain_our_module_paths_only_for_libraries():
    found = set().union(*(settings_with_our_paths(tree(path)) for path in SETTINGS))
    assert found == READ_BY_LIBRARIES | CHOSEN_BY_A_DEPLOYMENT


@pytest.mark.parametrize(
    "line",
    [
        'ATTACH = "procurement.leads.actions.attachments.attach_file_and_flag_companies"',
        'ATTACH = "procurement.catalogue.models.products:Product.Family"',
        'ATTACH: str = env.str("ATTACH", "partners.contacts.actions.attach")',
        'ATTACH = {"procurement.inquiry": 1}',
        'ATTACH = [f"workflow.{noun}" for noun in nouns]',
        'ATTACH["one"] = "workflow.comments_and_files.actions.attach_file"',
        'ATTACH.append("accounts.models.User")',
        'ATTACH += ["accounts.models.User"]',
        'if PRACTICE:\n    ATTACH = "accounts.models.User"',
    ],
)
def test_settings_rule_detects_our_dotted_paths(line):
    assert settings_with_our_paths(ast.parse(line)) == {"ATTACH"}


@pytest.mark.parametrize(
    "line", ['APPS = ["accounts"]', 'LOCATION = "accounts_cache"', '"""config/api.py"""']
)
def test_settings_rule_ignores_text_that_is_no_dotted_path(line):
    assert settings_with_our_paths(ast.parse(line)) == set()


# What our code looks up by a dotted path is a choice of the deployment: the wake-up, and the mail provider's view.
LOOKS_UP = {"workflow/worker_trigger.py", "procurement/notifications/views/mail_log.py"}


def imports_by_path(path: Path) -> bool:
    """Return True if a module imports a function that finds a name by its dotted path."""
    names = {
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return bool(names & {"import_string", "resolve_name"})


def test_code_imports_by_dotted_path_only_in_listed_modules():
    assert {name(path) for path in modules() if imports_by_path(path)} == LOOKS_UP

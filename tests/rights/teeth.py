"""Whether the rights tests bite: `python -m tests.rights.teeth` takes each private model's `visible_to` away in turn.

Each time the tests of this folder must fail. What they do not notice is a survivor, and is printed; there must be none.
"""

import os
import subprocess
import sys

import django

# Open to everybody who is signed in by design: taking the rule away changes nothing.
OPEN = {
    "partners.city": "the register is open to everybody who is signed in",
    "partners.twinning": "the same",
    "partners.exchange": "the same",
    "partners.organisation": "the same",
}


def private_models() -> list[str]:
    """Every model with a `visible_to` that hides something."""
    from django.apps import apps  # noqa: PLC0415  # after django.setup()

    labels = [
        model._meta.label_lower
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to") and "catalogue" not in model.__module__
    ]
    return sorted(set(labels) - set(OPEN))


def survives(label: str) -> bool:
    """Whether the tests stay green without this model's rule."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/rights",
        "-q",
        "-x",
        "--no-header",
        "-p",
        "no:cacheprovider",
    ]
    run = subprocess.run(
        command, env={**os.environ, "RIGHTS_WITHOUT": label}, capture_output=True, check=False
    )
    return run.returncode == 0


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "for-teeth-only-0123456789-abcdefghijklmnopqrstuvwxyz")
    django.setup()
    survivors = []
    for label in sys.argv[1:] or private_models():
        stays = survives(label)
        print(f"{'SURVIVES' if stays else 'bitten  '} {label}", flush=True)
        survivors += [label] if stays else []
    print(f"survivors: {', '.join(survivors) or 'none'}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())

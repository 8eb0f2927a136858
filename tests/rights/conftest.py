"""With RIGHTS_WITHOUT=app.model, that model's `visible_to` hides nothing: for teeth.py, which wants these tests to fail."""

import os

import pytest
from django.apps import apps


@pytest.fixture(autouse=True, scope="session")
def without_one_rule():
    label = os.environ.get("RIGHTS_WITHOUT", "")
    if not label:
        yield
        return
    rows = type(apps.get_model(label)._default_manager.all())
    owner = next(base for base in rows.__mro__ if "visible_to" in vars(base))
    kept = owner.visible_to

    def everything(self, powers):
        return self.all() if self.model._meta.label_lower == label else kept(self, powers)

    owner.visible_to = everything
    yield
    owner.visible_to = kept

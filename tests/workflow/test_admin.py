"""The administration shows the machinery's tables and changes none."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from workflow.admin import ReadOnly
from workflow.models.journal import Entry
from workflow.models.post import Message


@pytest.mark.parametrize("model", [Entry, Message])
def test_nothing_is_added_changed_or_deleted(model):
    table = admin.site._registry[model]
    request = RequestFactory().get("/admin/")
    assert isinstance(table, ReadOnly)
    assert not table.has_add_permission(request)
    assert not table.has_change_permission(request)
    assert not table.has_delete_permission(request)

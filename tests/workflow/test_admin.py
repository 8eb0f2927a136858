"""The admin shows the tables of workflow and cannot change them."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from workflow.admin import ReadOnlyModelAdmin
from workflow.journal.models import Entry
from workflow.outbox.models import Message


@pytest.mark.parametrize("model", [Entry, Message])
def test_workflow_admin_cannot_add_change_or_delete(model):
    table = admin.site._registry[model]
    request = RequestFactory().get("/admin/")
    assert isinstance(table, ReadOnlyModelAdmin)
    assert not table.has_add_permission(request)
    assert not table.has_change_permission(request)
    assert not table.has_delete_permission(request)

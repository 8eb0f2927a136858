"""Read-only admin pages for staff. Every change is an action with an author and a reason."""

from django.apps import apps
from django.contrib import admin

from workflow.admin import ReadOnlyModelAdmin

admin.site.register(list(apps.get_app_config("procurement").get_models()), ReadOnlyModelAdmin)

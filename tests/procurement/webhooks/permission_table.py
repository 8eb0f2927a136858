"""Who may make which status change of a webhook, in each status: only administrators, who are not in this table."""

from procurement.webhooks.actions.endpoints import add_webhook, disable_webhook
from procurement.webhooks.models import WebhookEndpoint
from tests.procurement.permission_tables import Row
from tests.worlds.need_to_order import AT, Story


def active_webhook(story: Story) -> WebhookEndpoint:
    keeper = story.person("administrator")
    return add_webhook(
        story.city,
        description="Stock system",
        url="https://93.184.216.34/",
        event_kinds=["order"],
        author=keeper.user,
        by=keeper.by,
        at=AT,
    )


def disabled_webhook(story: Story) -> WebhookEndpoint:
    return disable_webhook(active_webhook(story), by=story.person("administrator").by, at=AT)


WEBHOOKS: list[Row] = [("active", active_webhook, {}), ("disabled", disabled_webhook, {})]

"""Django app of procurement: one app with one migration history for all its packages."""

from django.apps import AppConfig

from workflow.life_cycle_loading import load_life_cycles

# In the order of the story, for the pages and diagrams that follow it.
PACKAGES = (
    "catalogue",
    "requests",
    "outreach",
    "suppliers",
    "sanctions",
    "leads",
    "verification",
    "allocations",
    "orders",
    "shipments",
    "tracking",
    "customs",
    "documents",
    "quality",
    "receiving",
    "distribution",
    "generated_documents",
    "thanks",
    "logistics",
    "audit_files",
    "webhooks",
)


class ProcurementConfig(AppConfig):
    """App that covers the process from a need to an inspected delivery."""

    name = "procurement"

    def ready(self) -> None:
        """Load the moves and actions of every package, and register the hooks of the apps that procurement imports.

        The registries are then complete in every process.
        """
        load_life_cycles(self, PACKAGES)
        _register_for_accounts()
        _register_for_partners()
        _register_for_outreach()
        _register_for_suppliers()
        _register_for_leads()
        _register_for_workflow()


def _register_for_accounts() -> None:
    """Fill the hooks of accounts. The imports need the models, so they are in the function."""
    from accounts.hooks import link_pages, notification_categories, reply_address, secret_rotations
    from procurement.notifications.categories import NOTIFICATION_CATEGORY_CHOICES
    from procurement.notifications.reply_addresses import account_reply_address
    from procurement.portal.link_entry_pages import (
        check_link_page,
        discrepancy_link_page,
        document_request_link_page,
        inquiry_link_page,
        order_link_page,
    )
    from procurement.webhooks.actions.endpoints import rotate_webhook_secrets

    secret_rotations.register("webhooks", rotate_webhook_secrets)
    notification_categories.register(NOTIFICATION_CATEGORY_CHOICES)
    reply_address.register(account_reply_address)
    link_pages.register("procurement.inquiry", inquiry_link_page)
    link_pages.register("procurement.verificationtask", check_link_page)
    link_pages.register("procurement.discrepancy", discrepancy_link_page)
    link_pages.register("procurement.documentrequest", document_request_link_page)
    link_pages.register("procurement.orderacknowledgement", order_link_page)


def _register_for_partners() -> None:
    """Fill the hooks of partners."""
    from partners import hooks
    from procurement.catalogue.models.products import Product
    from procurement.exports.personal_data import export_personal_data
    from procurement.leads.actions.attachments import attach_file_and_flag_companies
    from procurement.leads.actions.counters import mark_offers_for_recheck
    from procurement.outreach.queries.contacts import last_inquiries_between
    from procurement.shipments.models import page_urls_by_reference
    from procurement.suppliers.models.statuses import supplier_ids_with_interest
    from procurement.verification.models import CheckKind

    hooks.attach_file.register(attach_file_and_flag_companies)
    hooks.approval_limit_changed.register(mark_offers_for_recheck)
    hooks.personal_data.register(export_personal_data)
    hooks.conflicted_supplier_ids.register(supplier_ids_with_interest)
    hooks.product_families.register(Product.Family)
    hooks.check_kinds.register(CheckKind.choices_required_by_rule())
    hooks.shipment_urls.register(page_urls_by_reference)
    hooks.last_inquiry_times.register(last_inquiries_between)


def _register_for_outreach() -> None:
    """Fill the hook of the package `outreach` with a query of `leads`."""
    from procurement.leads.queries.makers import makers_by_place
    from procurement.outreach import hooks

    hooks.makers_by_place.register(makers_by_place)


def _register_for_suppliers() -> None:
    """Fill the hooks of the package `suppliers` with queries of `orders`."""
    from procurement.orders.queries import cities_depending_on_account, cities_depending_on_supplier
    from procurement.suppliers import hooks

    hooks.supplier_dependants.register(cities_depending_on_supplier)
    hooks.account_dependants.register(cities_depending_on_account)


def _register_for_leads() -> None:
    """Register the screening rules of all packages for the package `leads`."""
    from procurement.leads.hooks import screening_rules
    from procurement.leads.screening.screen_offer import OFFER_RULES
    from procurement.logistics.actions.offer_rescreening import SHIPMENT_SCREENS
    from procurement.orders.payments.rules.account_changes import ACCOUNT_CHANGE_RULES
    from procurement.verification.actions.findings import REPORT_RULES

    later = [rule for screen in SHIPMENT_SCREENS for rule in screen.rules]
    for rule in (*OFFER_RULES, *REPORT_RULES, *ACCOUNT_CHANGE_RULES, *later):
        screening_rules.register(rule.code, rule)


def _register_for_workflow() -> None:
    """Register the figures of webhooks for `/metrics`."""
    from procurement.webhooks.metrics import webhook_metrics
    from workflow.http.hooks import metric_sources

    metric_sources.register("webhooks", webhook_metrics)

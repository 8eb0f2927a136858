"""Every paper of an order in one ZIP for an auditor: what belongs to it, under which names; put together by the tick."""

from procurement.exchange.bundle.work import carry_on, task

__all__ = ["carry_on", "task"]

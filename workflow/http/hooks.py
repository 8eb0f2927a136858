"""Hooks of the web server's code: figures that every app adds to `/metrics`."""

from collections.abc import Callable, Iterable
from datetime import datetime

from prometheus_client.metrics_core import Metric

from workflow.hooks import KeyedHook

type MetricSource = Callable[[datetime, datetime], Iterable[Metric]]
"""Function of the site's time and of real time that reads figures. They name no person, city or object."""

metric_sources = KeyedHook[MetricSource]("workflow.http.hooks.metric_sources")

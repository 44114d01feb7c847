"""Counting requests for Prometheus, by the names of views."""

from django.http import HttpRequest, HttpResponse
from django_prometheus.middleware import PrometheusAfterMiddleware
from prometheus_client.metrics import MetricWrapperBase


class CountByViewMiddleware(PrometheusAfterMiddleware):
    """As packaged, but that one label holds whatever method a stranger made up, and each new one would be kept."""

    def label_metric(
        self, metric: MetricWrapperBase, request: HttpRequest, response: HttpResponse | None = None, **labels: str
    ) -> MetricWrapperBase:
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response, **labels)

"""What do operators measure? Prometheus metrics, in a registry of each App's own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0)


class Metrics:
    """Counters of one App. No label ever holds text, addresses, channels or people."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "fivefifty_slack_requests",
            "Requests of Slack, by kind and HTTP status of our answer.",
            ("kind", "status"),
            registry=self.registry,
        )
        self.answers = Counter(
            "fivefifty_answers", "Posts that were answered, by cause.", ("cause",), registry=self.registry
        )
        self.first_seconds = Histogram(
            "fivefifty_first_answer_seconds",
            "From the arrival of a post to its first answer.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.final_seconds = Histogram(
            "fivefifty_final_answer_seconds",
            "From the arrival of a post to its answer with evidence.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.failures = Counter(
            "fivefifty_failures",
            "Requests and jobs that ended with a fault of ours.",
            ("where",),
            registry=self.registry,
        )
        self.running = Gauge("fivefifty_jobs_running", "Durable jobs that run now.", registry=self.registry)

    def render(self) -> bytes:
        """Return the text that Prometheus reads."""
        return generate_latest(self.registry)

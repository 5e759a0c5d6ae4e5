"""What the machine is doing, for Prometheus."""

from typing import Final

from aftercart.permissions import authorize_read
from aftercart.web.api.call import Call
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Answered, Route

_CONTENT_TYPE: Final = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")


async def read(call: Call) -> Reply:
    """Reads the metrics of this process."""
    authorize_read(call.actor, "metrics")
    return Reply(200, call.metrics.exposition(), content_type=_CONTENT_TYPE)


ROUTES: Final = (
    Route(
        name="read_metrics",
        method="GET",
        path="/metrics",
        tag="Operation",
        summary="Read metrics in Prometheus' text format",
        handle=read,
        answers=(Answered(status=200, meaning="The metrics", shape=str, media_type="text/plain"),),
    ),
)

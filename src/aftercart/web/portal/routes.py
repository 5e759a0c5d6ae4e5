"""Where the customer's pages are, and what is answered when something goes wrong on the way."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final

import psycopg
import psycopg_pool
import structlog
from litestar import HttpMethod, Request
from litestar.handlers import HTTPRouteHandler

from aftercart.kit.commands import Fault, Overloaded
from aftercart.orders.handlers import OrderNotFound
from aftercart.web.api.admission import Admission
from aftercart.web.api.call_metrics import CallMetrics
from aftercart.web.api.refusals import BadRequest, BodyTooLarge
from aftercart.web.api.reply import Header, Reply
from aftercart.web.portal.answers import see_other
from aftercart.web.portal.change_pages import ChangePages
from aftercart.web.portal.confirming import Confirming
from aftercart.web.portal.entering import CODE_PATH, Entrance, find_path
from aftercart.web.portal.errands import Errands
from aftercart.web.portal.order_page import OrderPage
from aftercart.web.portal.visit import FIND_PATH, NotLetIn, Portal, TurnedAway, Visit

log = structlog.get_logger(__name__)

Answering = Callable[[Visit], Awaitable[Reply]]

LINK_ROUTE: Final = "/o/{token:str}"
ORDER_ROUTE: Final = "/orders/{number:str}"
CHANGE_ROUTE: Final = f"{ORDER_ROUTE}/change/{{change:str}}"
DATABASE_AWAY_SECONDS: Final = 2


def portal_handlers(
    portal: Portal, errands: Errands, *, admission: Admission, metrics: CallMetrics
) -> tuple[HTTPRouteHandler, ...]:
    """Returns the routes of all pages for customers."""
    entrance, order_page, pages = Entrance(portal, errands), OrderPage(portal), ChangePages(portal)
    confirming = Confirming(portal, pages)

    def route(method: str, path: str, name: str, answer: Answering) -> HTTPRouteHandler:
        async def endpoint(request: Request[Any, Any, Any]) -> Reply:
            begun = perf_counter()
            await admission.enter()
            reply = await _guarded(answer, request, portal)
            metrics.count(f"page_{name}", reply.status, perf_counter() - begun)
            return reply

        methods = (HttpMethod.GET, HttpMethod.HEAD) if method == "GET" else (HttpMethod.POST,)
        return HTTPRouteHandler(
            path, http_method=methods, name=f"page_{name}", request_max_body_size=None, status_code=200
        )(endpoint)

    return (
        route("GET", LINK_ROUTE, "open_link", entrance.open_link),
        route("GET", FIND_PATH, "find", entrance.show_form),
        route("POST", FIND_PATH, "ask_for_code", entrance.ask_for_code),
        route("POST", CODE_PATH, "take_code", entrance.take_code),
        route("GET", ORDER_ROUTE, "order", order_page.show),
        route("POST", f"{ORDER_ROUTE}/leave", "leave", entrance.leave),
        route("GET", CHANGE_ROUTE, "change", pages.show_form),
        route("POST", f"{CHANGE_ROUTE}/preview", "preview", pages.preview),
        route("POST", f"{CHANGE_ROUTE}/confirm", "confirm", confirming.confirm),
    )


async def _guarded(answer: Answering, request: Request[Any, Any, Any], portal: Portal) -> Reply:
    visit = Visit(request, portal)
    try:
        return await answer(visit)
    except NotLetIn as stranger:
        return see_other(find_path(stranger.number))
    except OrderNotFound:
        return see_other(FIND_PATH)
    except Exception as error:  # noqa: BLE001 - this is the edge: what nobody foresaw is logged below
        away = _turned_away(error, visit)
        return problem_page(visit, away.status, away.problem, **away.values)


def _turned_away(error: Exception, visit: Visit) -> TurnedAway:
    match error:
        case TurnedAway():
            return error
        case BadRequest() | BodyTooLarge():
            return TurnedAway(403, "foreign")
        case Overloaded():
            return TurnedAway(503, "busy", seconds=error.values["retry_after_seconds"])
        case psycopg.OperationalError() | psycopg_pool.PoolTimeout():
            log.warning("database_away", route=visit.route, error=str(error).strip())
            return TurnedAway(503, "busy", seconds=DATABASE_AWAY_SECONDS)
        case _:
            incident = error.command_id if isinstance(error, Fault) else visit.shop.ids.new_id(visit.now)
            log.error("page_failed", route=visit.route, incident=str(incident), exc_info=error)
            return TurnedAway(500, "broken", incident=str(incident))


def problem_page(visit: Visit, status: int, problem: str, **values: object) -> Reply:
    """Returns a page that says what went wrong, and where to go from there."""
    voice = visit.voice()
    headers: tuple[Header, ...] = ()
    if "seconds" in values:
        headers = ((b"retry-after", str(values["seconds"]).encode()),)
    return visit.page(
        "problem.html",
        voice,
        status=status,
        headers=headers,
        here=FIND_PATH,
        title=voice.say(f"problem_{problem}_title"),
        sentence=voice.say(f"problem_{problem}", **values),
        number=None if visit.session is None else visit.session.number,
    )


def missing_page(request: Request[Any, Any, Any], portal: Portal) -> Reply:
    """Returns the page for an address at which there is nothing."""
    return problem_page(Visit(request, portal), 404, "missing")

"""The REST API and the pages, as one ASGI application on a running shop."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final

import psycopg
import psycopg_pool
import structlog
from litestar import HttpMethod, Litestar, Request
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from aftercart.kit.commands import Fault, Overloaded
from aftercart.kit.refusal import Refusal
from aftercart.shop import Shop
from aftercart.views.delivery_options import DeliveryDesk
from aftercart.views.order import OrderReader
from aftercart.web.api.admission import Admission
from aftercart.web.api.authentication import Authentication
from aftercart.web.api.call import AnyRequest, Call, Door
from aftercart.web.api.call_metrics import CallMetrics
from aftercart.web.api.docs import ROUTES_OF_DOCS
from aftercart.web.api.headers import language_of
from aftercart.web.api.problems import reply_with_problem
from aftercart.web.api.refusals import BadRequest, InternalError, MethodNotAllowed, RouteNotFound
from aftercart.web.api.reply import Reply
from aftercart.web.api.route import Route
from aftercart.web.api.routes import ROUTES
from aftercart.web.assets.routes import HANDLERS as ASSETS
from aftercart.web.mailbox.mailbox import Mailbox
from aftercart.web.mailbox.pages import MailboxPages
from aftercart.web.portal.errands import Errands
from aftercart.web.portal.rate_limit import RateLimit
from aftercart.web.portal.routes import missing_page, portal_handlers
from aftercart.web.portal.sessions import Seals
from aftercart.web.portal.visit import Portal

API_PATH: Final = "/v1/"
log = structlog.get_logger(__name__)

_DATABASE_AWAY: Final = (psycopg.OperationalError, psycopg_pool.PoolTimeout)


def create_app(shop: Shop, *, mailbox: Mailbox | None = None) -> Litestar:
    """Returns the application on ``shop``, which the caller opens before the first call and closes after the last.

    ``mailbox`` holds the mails of a demo shop, to be shown to whoever asks.
    """
    door = Door(
        shop=shop,
        orders=OrderReader(shop.database),
        delivery=DeliveryDesk(shop.database, shop.bus.read),
        metrics=CallMetrics(shop.bus),
        admission=Admission(),
        authentication=Authentication(shop.database),
    )
    portal = Portal(
        shop=shop,
        orders=door.orders,
        delivery=door.delivery,
        seals=Seals(shop.surroundings.secret),
        limit=RateLimit(),
    )
    errands = Errands()
    pages = (
        *portal_handlers(portal, errands, admission=door.admission, metrics=door.metrics),
        *(() if mailbox is None else MailboxPages(mailbox, shop.surroundings).handlers()),
    )
    return Litestar(
        route_handlers=[*(_handler(route, door) for route in (*ROUTES, *ROUTES_OF_DOCS)), *ASSETS, *pages],
        exception_handlers={Exception: _unrouted(portal)},
        on_shutdown=[errands.settle],
        openapi_config=None,
        logging_config=None,
    )


def _handler(route: Route, door: Door) -> HTTPRouteHandler:
    async def endpoint(request: Request[Any, Any, Any]) -> ASGIApp:
        begun = perf_counter()
        await door.admission.enter()
        reply = await _answer(route, request, door)
        door.metrics.count(route.name, reply.status, perf_counter() - begun)
        return reply

    methods = (HttpMethod.GET, HttpMethod.HEAD) if route.method == "GET" else (HttpMethod.POST,)
    path = route.path.replace("}", ":str}")
    declare: Callable[[Callable[..., Awaitable[ASGIApp]]], HTTPRouteHandler] = HTTPRouteHandler(
        path, http_method=methods, name=route.name, request_max_body_size=None, status_code=200
    )
    return declare(endpoint)


async def _answer(route: Route, request: AnyRequest, door: Door) -> Reply:
    shop = door.shop
    call = Call(request, door, bytes_max=route.bytes_max)
    try:
        if not route.anonymous:
            call.actor = await door.authentication.actor_of(call.headers.get(b"authorization"))
        return await route.handle(call)
    except Refusal as refusal:
        return reply_with_problem(refusal, call.language, zone=shop.surroundings.zone)
    except Fault as fault:
        return reply_with_problem(InternalError(incident=str(fault.command_id)), call.language)
    except _DATABASE_AWAY as error:
        log.warning("database_away", route=route.name, error=str(error).strip())
        return reply_with_problem(Overloaded(retry_after_seconds=2, cause="the database is away"), call.language)
    except HTTPException as error:
        return reply_with_problem(_refusal_of(error), call.language)
    except Exception:
        incident = shop.ids.new_id(shop.clock.now())
        log.exception("call_failed", route=route.name, incident=str(incident))
        return reply_with_problem(InternalError(incident=str(incident)), call.language)


def _unrouted(portal: Portal) -> Callable[[AnyRequest, Exception], Any]:
    """Answers what never reached a route: an unknown path, a method that is not there, a broken request."""

    def answer(request: AnyRequest, error: Exception) -> Reply:
        language = language_of(request.headers.get("accept-language", "").encode("latin-1"))
        if isinstance(error, HTTPException):
            if "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith(API_PATH):
                return missing_page(request, portal)
            return reply_with_problem(_refusal_of(error), language)
        log.error("call_failed", exc_info=(type(error), error, error.__traceback__))
        return reply_with_problem(InternalError(incident="unrouted"), language)

    return answer


def _refusal_of(error: HTTPException) -> Refusal:
    if isinstance(error, NotFoundException):
        return RouteNotFound()
    if isinstance(error, MethodNotAllowedException):
        return MethodNotAllowed(allowed=(error.headers or {}).get("allow", ""))
    return BadRequest()

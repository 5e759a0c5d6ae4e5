"""The subcommand that serves the shop."""

import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cyclopts import Parameter

from aftercart.cli.connection import DatabaseOptions, RunningDatabase, migrated_database
from aftercart.demo.fill import fill_demo
from aftercart.demo.greeting import greeting
from aftercart.demo.key import ensure_demo_key
from aftercart.kit.logs import configure_logging
from aftercart.serving import AddressInUse, Role, Service, Welcome
from aftercart.serving import serve as serve_shop
from aftercart.shop import Shop
from aftercart.web.mailbox.pages import MAILBOX_PATH

MAILBOX_FOLDER: Final = "mailbox"
CARRIER_FOLDER: Final = "carrier"


def serve(
    *,
    port: Annotated[int | None, Parameter(help="Where to listen. [env: AFTERCART_PORT, else 8000]")] = None,
    host: Annotated[str | None, Parameter(help="On which address. [env: AFTERCART_HOST, else 127.0.0.1]")] = None,
    role: Annotated[Role | None, Parameter(help="Requests, loops, or both. [env: AFTERCART_ROLE, else all]")] = None,
    demo: Annotated[bool, Parameter(help="Fill an empty shop with the demo, and print how to call it.")] = False,
    database: DatabaseOptions | None = None,
) -> None:
    """Serve the shop until Ctrl-C; the database is migrated first, and its embedded server is kept alive."""
    with migrated_database(database) as running:
        settings = running.settings
        configure_logging(settings.log_level)
        data_dir = _data_dir(database, running)
        service = Service(
            url=running.url,
            host=host or settings.host,
            port=port or settings.port,
            role=role or settings.role,
            settings=settings,
            data_dir=data_dir,
            embedded=running.embedded,
            carrier_dir=data_dir / CARRIER_FOLDER if demo else None,
            mailbox_dir=data_dir / MAILBOX_FOLDER if demo and settings.smtp_url is None else None,
        )
        if demo:
            mailbox = None if service.mailbox_dir is None else f"{service.address}{MAILBOX_PATH}"
            welcome = _demo(data_dir, address=service.address, mailbox=mailbox)
            service = msgspec.structs.replace(service, welcome=welcome)
        try:
            serve_shop(service)
        except AddressInUse as failure:
            print(f"aftercart: {failure}", file=sys.stderr)
            sys.exit(1)


def _data_dir(database: DatabaseOptions | None, running: RunningDatabase) -> Path:
    return (database and database.data_dir) or running.settings.data_dir


def _demo(data_dir: Path, *, address: str, mailbox: str | None) -> Welcome:
    async def welcome(shop: Shop) -> str:
        summary = await fill_demo(shop)
        key = await ensure_demo_key(shop, data_dir=data_dir)
        return greeting(summary, address=address, key=key, mailbox=mailbox)

    return welcome

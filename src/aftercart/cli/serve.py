"""The subcommand that serves the shop."""

from typing import Annotated

from cyclopts import Parameter

from aftercart.cli.connection import DatabaseOptions, migrated_database
from aftercart.serving import Role, configure_logging
from aftercart.serving import serve as serve_shop


def serve(
    *,
    port: Annotated[int | None, Parameter(help="Where to listen. [env: AFTERCART_PORT, else 8000]")] = None,
    host: Annotated[str | None, Parameter(help="On which address. [env: AFTERCART_HOST, else 127.0.0.1]")] = None,
    role: Annotated[Role | None, Parameter(help="Requests, loops, or both. [env: AFTERCART_ROLE, else all]")] = None,
    database: DatabaseOptions | None = None,
) -> None:
    """Serve the shop until Ctrl-C; the database is migrated first, and its embedded server is kept alive."""
    with migrated_database(database) as running:
        settings = running.settings
        configure_logging(settings.log_level)
        serve_shop(
            running.url,
            host=host or settings.host,
            port=port or settings.port,
            role=role or settings.role,
            embedded=running.embedded,
        )

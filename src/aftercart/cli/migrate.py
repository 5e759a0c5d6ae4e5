"""The subcommand that brings a database to the shape of this version."""

from aftercart.cli.connection import DatabaseOptions, running_database
from aftercart.kit.migrate import migrate as apply_migrations


def migrate(*, database: DatabaseOptions | None = None) -> None:
    """Bring the database to the shape this version expects; safe to run again, and beside a running server."""
    with running_database(database) as running:
        applied = apply_migrations(running.url)
    print("\n".join(f"applied {name}" for name in applied) or "nothing to apply")

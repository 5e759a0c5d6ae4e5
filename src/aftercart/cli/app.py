"""The table of all subcommands, and what the operator sees when one cannot be done."""

import sys

import cyclopts
import psycopg

from aftercart import __version__
from aftercart.kit.logs import configure_logging
from aftercart.kit.migrate import MigrationRefused
from aftercart.kit.refusal import Refusal
from aftercart.kit.server_account import EmbeddedPostgresFailed
from aftercart.settings import SettingRefused

FAILED = 1
WRONGLY_USED = 2
INTERRUPTED = 130  # as a shell says it: ended by Ctrl-C

app = cyclopts.App(
    name="aftercart",
    help="An order management system for everything after the cart.",
    help_epilogue="Exit codes: 0 done, 1 failed or problems found, 2 wrongly used.",
    version=__version__,
)
# Named, not imported: each subcommand loads only what it needs.
app.command("aftercart.cli.access:app", name="access", help="Give people and machines their keys to the API.")
app.command("aftercart.cli.audit:audit", help="Check that everything adds up: units, stock, money, events.")
app.command(
    "aftercart.cli.bench:app", name="bench", help="Measure what the shop does in a second, against its database."
)
app.command("aftercart.cli.demo:demo", help="Fill the shop with an invented one; twice changes nothing.")
app.command("aftercart.cli.import_:app", name="import", help="Bring in what other systems hold.")
app.command("aftercart.cli.migrate:migrate", help="Bring the database to the shape this version expects.")
app.command("aftercart.cli.serve:serve", help="Serve the shop: the API, and the loops behind it.")


def main() -> None:
    """Run the subcommand that the process arguments name, and exit with its code."""
    configure_logging("warning")
    try:
        app(exit_on_error=False)
    except (cyclopts.CycloptsError, SettingRefused) as wrong_use:
        if not isinstance(wrong_use, cyclopts.CycloptsError):  # cyclopts has printed its own
            print(f"aftercart: {wrong_use}", file=sys.stderr)
        sys.exit(WRONGLY_USED)
    except (EmbeddedPostgresFailed, MigrationRefused, Refusal, psycopg.OperationalError) as failure:
        print(f"aftercart: {failure}", file=sys.stderr)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

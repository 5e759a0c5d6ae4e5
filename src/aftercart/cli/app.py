"""The table of all subcommands."""

import cyclopts

from aftercart import __version__

app = cyclopts.App(
    name="aftercart", help="An order management system for everything after the cart.", version=__version__
)


def main() -> None:
    """Run the subcommand that the process arguments name, and exit with its code."""
    app()

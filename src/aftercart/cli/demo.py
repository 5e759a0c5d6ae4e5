"""The subcommand that fills a shop with the demo."""

import uvloop

from aftercart.cli.connection import DatabaseOptions, migrated_database
from aftercart.demo.fill import DemoSummary, fill_demo
from aftercart.demo.key import ensure_demo_key
from aftercart.shop import open_shop


def demo(*, database: DatabaseOptions | None = None) -> None:
    """Fill the shop with an invented one: catalog, locations, stock, orders in many states. Twice changes nothing.

    Prints what there is, and an API key of the role admin, the same at every call.
    """
    with migrated_database(database) as running:
        options = database or DatabaseOptions()
        data_dir = options.data_dir or running.settings.data_dir

        async def fill() -> tuple[DemoSummary, str]:
            async with open_shop(running.url) as shop:
                return await fill_demo(shop), await ensure_demo_key(shop, data_dir=data_dir)

        summary, key = uvloop.run(fill())
    print("the demo was there already" if summary.already_filled else "the demo is filled")
    print(
        f"{summary.products} products in {summary.variants} variants, {summary.locations} locations, "
        f"{summary.channels} channels, {summary.orders} orders"
    )
    print(f"API key (admin): {key}")

"""Keys as the bus keeps them, and who may ask for what with them."""

import pytest
from tests.scenario import LYON, ORDER_ID, cart
from tests.small_shop import ADMIN, open_for_business, order_of, receipt

from aftercart.access.decisions.create_api_key import CreateApiKey
from aftercart.access.model import Role, hash_of_secret
from aftercart.access.queries import find_actor
from aftercart.kit.commands import Actor
from aftercart.orders.decisions.cancel_order import CancelOrder
from aftercart.orders.decisions.change_delivery_address import ChangeDeliveryAddress
from aftercart.orders.handlers import OrderNotFound
from aftercart.orders.model import CancellationReason
from aftercart.permissions import COMMANDS, Forbidden
from aftercart.shop import open_shop

pytestmark = pytest.mark.anyio


async def test_a_key_lets_in_whoever_has_its_secret_and_nobody_else(database_url: str) -> None:
    command = CreateApiKey(secret_hash=hash_of_secret("right"), role=Role.CUSTOMER, order_id=ORDER_ID, label="link")
    async with open_shop(database_url) as shop:
        await shop.submit(command, ADMIN)
        actor = await find_actor(shop.database, "right")
        assert actor is not None
        assert (actor.role, actor.order_id) == ("customer", ORDER_ID)
        assert await find_actor(shop.database, "wrong") is None


async def test_a_foreign_order_does_not_exist_for_a_customer_and_their_own_does(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        await open_for_business(shop, ["A"])
        await shop.submit(receipt("W1", {"A": 5}), ADMIN)
        own = order_of(await shop.submit(cart(), ADMIN)).order_id
        foreign = order_of(await shop.submit(cart(), ADMIN)).order_id
        customer = Actor(name="link", role="customer", order_id=own)
        for order_id in (foreign, ORDER_ID):
            command = CancelOrder(order_id=order_id, reason=CancellationReason.OTHER)
            with pytest.raises(OrderNotFound):
                await shop.submit(command, customer)
            with pytest.raises(OrderNotFound):
                await shop.preview(command, customer)
        await shop.submit(ChangeDeliveryAddress(order_id=own, address=LYON), customer)
        with pytest.raises(Forbidden):
            await shop.submit(cart(), customer)


async def test_every_role_may_do_what_the_table_says_and_nothing_else(database_url: str) -> None:
    command = CancelOrder(order_id=ORDER_ID, reason=CancellationReason.OTHER)
    async with open_shop(database_url) as shop:
        for role in (*(role.value for role in Role), "system", "nobody"):
            allowed = role in COMMANDS[CancelOrder]
            with pytest.raises(OrderNotFound if allowed else Forbidden):
                await shop.submit(command, Actor(name=role, role=role))

"""A host leads to its addresses, however it is written."""

import pytest

from aftercart.integrations.webhooks.addresses import resolve
from aftercart.notifications.rules.public_address import is_public


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]".strip("[]")])
async def test_every_way_to_write_this_machine_leads_to_a_private_address(host: str) -> None:
    addresses = await resolve(host, 80)
    assert addresses
    assert not any(is_public(address) for address in addresses)

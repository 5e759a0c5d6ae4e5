"""What `make run` prints: where the demo shop is, the way in for its customers, its key, and three calls."""

import json

from aftercart.demo.fill import DemoSummary
from aftercart.demo.people import ADDRESSES, CUSTOMERS
from aftercart.demo.products import CURRENCY, PRODUCTS, sku_of
from aftercart.kit.address import Address
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE


def greeting(summary: DemoSummary, *, address: str, key: str, mailbox: str | None) -> str:
    """Returns the text for the terminal; each `curl` line works when it is pasted into a shell.

    ``mailbox`` is where the shop's mails are shown, ``None`` when they are really sent.
    """
    product = PRODUCTS[0]
    sku = sku_of(product.code, size=product.sizes[0], color=product.colors[0])
    name, locale = CUSTOMERS[0]
    (delivery, *_) = DEFAULTS_BY_CODE["colissimo-home"].rates  # for a light parcel within France
    authorization = f"-H 'Authorization: Bearer {key}'"
    order = {
        "channel": "web",
        "customer": {"email": "camille@example.com", "name": name, "locale": locale},
        "currency": CURRENCY,
        "lines": [{"sku": sku, "quantity": 1}],
        "delivery": {"method": "colissimo-home", "address": _fields(ADDRESSES[0], name=name)},
        "payment": {
            "method": "card",
            "authorized": {"minor_units": product.price_minor + delivery.price_minor, "currency": CURRENCY},
        },
    }
    body = json.dumps(order, ensure_ascii=True, separators=(",", ":")).replace("'", "\\u0027")
    headers = "-H 'Content-Type: application/json' -H \"Idempotency-Key: $(date +%s%N)\""
    filled = "was there already" if summary.already_filled else "was filled just now"
    return f"""
Aftercart serves a demo shop, which {filled}: {summary.variants} variants of {summary.products} products,
{summary.locations} locations, {summary.orders} orders. Ctrl-C stops it; its data stays.

  API        {address}/v1
  reference  {address}/docs
  health     {address}/health
  mail       {mailbox or "sent by your SMTP server"}
  customers  {_way_in(mailbox)}
  API key    {key}

What there is of a product, the newest orders, and one more:

curl -s {authorization} '{address}/v1/availability?sku={sku}'

curl -s {authorization} '{address}/v1/orders?limit=3'

curl -s {authorization} {headers} -d '{body}' {address}/v1/orders
"""


def _way_in(mailbox: str | None) -> str:
    """Returns how to get to the page of a customer."""
    where = "the mails that were sent" if mailbox is None else "the mailbox"
    return f"open a mail in {where} and follow its link to the page of its order"


def _fields(address: Address, *, name: str) -> dict[str, str]:
    fields = {"name": name, "line1": address.line1, "postcode": address.postcode, "city": address.city}
    return {**fields, "country": address.country}

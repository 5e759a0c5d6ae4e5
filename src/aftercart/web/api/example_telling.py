"""The chapter of the story in which other systems and customers are told what happened."""

from typing import Final

from aftercart.web.api.example import Example

TELLING: Final[tuple[Example, ...]] = (
    Example(
        route="create_webhook_endpoint",
        name="erp_endpoint",
        summary="The ERP hears of orders",
        status=201,
        body={
            "url": "https://erp.example.com/hooks/aftercart",
            "description": "ERP",
            "event_types": ["OrderPlaced", "OrderCanceled"],
        },
    ),
    Example(
        route="create_webhook_endpoint",
        name="endpoint_without_encryption",
        summary="An address that is not encrypted",
        status=422,
        body={"url": "http://erp.example.com/hooks/aftercart"},
    ),
    Example(route="list_webhook_endpoints", name="endpoints", summary="Who is told"),
    Example(
        route="replay_webhooks",
        name="from_the_beginning",
        summary="The ERP hears what happened before, too",
        body={"after": 0},
    ),
    Example(
        route="read_webhook_deliveries",
        name="calls_to_the_erp",
        summary="What the ERP is told",
        query={"limit": ["3"]},
    ),
    Example(
        route="disable_webhook_endpoint",
        name="no_more_calls",
        summary="The ERP is replaced",
    ),
    Example(
        route="replay_webhooks",
        name="replay_to_nobody",
        summary="A disabled endpoint hears nothing",
        status=409,
        body={"after": 0},
    ),
    Example(
        route="create_customer_link",
        name="link_for_the_customer",
        summary="A link to the order's page",
        status=201,
    ),
    Example(
        route="request_customer_code",
        name="code_by_mail",
        summary="Who is on the phone?",
        status=201,
        body={"purpose": "sign_in"},
    ),
    Example(
        route="redeem_customer_code",
        name="guessed_code",
        summary="A code that was guessed",
        status=403,
        body={"code_id": "01934a3e-0000-7000-8000-000000000001", "code": "12345678", "purpose": "sign_in"},
    ),
    Example(
        route="redeem_customer_code",
        name="code_from_the_mail",
        summary="The code from the mail",
        body={"code_id": "01934a3e-0000-7000-8000-000000000001", "code": "1234 5678", "purpose": "sign_in"},
        with_code=True,
    ),
    Example(route="read_order_messages", name="mails", summary="What the customer was written"),
)

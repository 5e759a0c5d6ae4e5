"""How access changes on its events."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from aftercart.access.events import (
    ApiKeyCreated,
    CustomerCodeRedeemed,
    CustomerCodeRejected,
    CustomerCodeRequested,
    CustomerLinkCreated,
)
from aftercart.access.model import (
    ApiKey,
    ApiKeyKey,
    CustomerCode,
    CustomerCodes,
    CustomerCodesKey,
    CustomerLink,
    CustomerLinkKey,
)
from aftercart.kit.state import State


def evolve_api_key(stream: UUID, event: ApiKeyCreated, _state: State) -> Iterator[tuple[ApiKeyKey, ApiKey]]:
    """Yields the new key."""
    yield (
        ApiKeyKey(stream),
        ApiKey(
            key_id=stream,
            secret_hash=event.secret_hash,
            role=event.role,
            label=event.label,
            order_id=event.order_id,
            created_at=event.created_at,
        ),
    )


def evolve_customer_link(
    stream: UUID, event: CustomerLinkCreated, _state: State
) -> Iterator[tuple[CustomerLinkKey, CustomerLink]]:
    """Yields the new link."""
    link = CustomerLink(
        link_id=stream,
        order_id=event.order_id,
        token_hash=event.token_hash,
        created_at=event.created_at,
        expires_at=event.expires_at,
    )
    yield CustomerLinkKey(event.order_id, stream), link


def evolve_customer_codes(
    stream: UUID, event: CustomerCodeRequested | CustomerCodeRejected | CustomerCodeRedeemed, state: State
) -> Iterator[tuple[CustomerCodesKey, CustomerCodes]]:
    """Yields the order's codes after one of them was made or tried."""
    key = CustomerCodesKey(event.order_id)
    codes = (state.find(key) or CustomerCodes()).codes
    if isinstance(event, CustomerCodeRequested):
        yield key, CustomerCodes(codes=(*codes, _new_code(stream, event)))
    else:
        used_at = event.used_at if isinstance(event, CustomerCodeRedeemed) else None
        tried = (
            msgspec.structs.replace(code, attempts=event.attempts, used_at=used_at) if code.code_id == stream else code
            for code in codes
        )
        yield key, CustomerCodes(codes=tuple(tried))


def _new_code(code_id: UUID, event: CustomerCodeRequested) -> CustomerCode:
    return CustomerCode(
        code_id=code_id,
        order_id=event.order_id,
        purpose=event.purpose,
        code_hash=event.code_hash,
        created_at=event.created_at,
        expires_at=event.expires_at,
        attempts=0,
        used_at=None,
    )

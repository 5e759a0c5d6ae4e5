"""A customer gets a link; a code is asked for a few times an hour, tried a few times, and used once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from tests.scenario import NOW, ORDER_ID
from tests.story import given

from aftercart.access.decisions.create_customer_link import LINK_LIFETIME, CreateCustomerLink, create_customer_link
from aftercart.access.decisions.redeem_customer_code import CODE_TRIES_MAX, RedeemCustomerCode, redeem_customer_code
from aftercart.access.decisions.request_customer_code import (
    CODE_LIFETIME,
    CODES_MAX,
    CODES_WITHIN,
    RequestCustomerCode,
    TooManyCustomerCodes,
    request_customer_code,
)
from aftercart.access.events import (
    CustomerCodeRedeemed,
    CustomerCodeRejected,
    CustomerCodeRequested,
    CustomerLinkCreated,
)
from aftercart.access.model import CodePurpose, CustomerCode, CustomerCodes
from aftercart.access.rules.derived_secrets import hash_of_token

ID = UUID("01934a3e-0000-7000-8000-00000000000a")
SECOND = timedelta(seconds=1)
HASH = hash_of_token("token")


def code(*, asked_at: datetime = NOW, **changes: object) -> CustomerCode:
    made = CustomerCode(
        code_id=ID,
        order_id=ORDER_ID,
        purpose=CodePurpose.SIGN_IN,
        code_hash="right",
        created_at=asked_at,
        expires_at=asked_at + CODE_LIFETIME,
        attempts=0,
        used_at=None,
    )
    return msgspec.structs.replace(made, **changes)


def asked(*moments: datetime) -> CustomerCodes:
    return CustomerCodes(codes=tuple(code(asked_at=at) for at in moments))


def request(codes: CustomerCodes) -> CustomerCodeRequested:
    command = RequestCustomerCode(order_id=ORDER_ID, code_id=ID, code_hash="h", purpose=CodePurpose.CONFIRM_CHANGE)
    return request_customer_code(command, codes, now=NOW)


def typed(code_hash: str = "right", *, purpose: CodePurpose = CodePurpose.SIGN_IN) -> RedeemCustomerCode:
    return RedeemCustomerCode(order_id=ORDER_ID, code_id=ID, code_hash=code_hash, purpose=purpose)


def redeem(
    command: RedeemCustomerCode, code: CustomerCode | None, *, now: datetime = NOW
) -> Iterable[CustomerCodeRedeemed | CustomerCodeRejected]:
    event = redeem_customer_code(command, code, now=now)
    return () if event is None else (event,)


def test_a_link_works_for_ninety_days() -> None:
    command = CreateCustomerLink(order_id=ORDER_ID, link_id=ID, token_hash=HASH)
    made = CustomerLinkCreated(order_id=ORDER_ID, token_hash=HASH, created_at=NOW, expires_at=NOW + LINK_LIFETIME)
    given(command).when(lambda command: create_customer_link(command, now=NOW)).then(made)
    assert timedelta(days=90) == LINK_LIFETIME


def test_a_code_works_for_a_quarter_of_an_hour() -> None:
    made = CustomerCodeRequested(
        order_id=ORDER_ID,
        purpose=CodePurpose.CONFIRM_CHANGE,
        code_hash="h",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )
    given(CustomerCodes()).when(request).then(made)


def test_five_codes_an_hour_are_enough() -> None:
    four = [NOW - minutes * timedelta(minutes=10) for minutes in range(4)]
    given(asked(*four)).when(request).event(CustomerCodeRequested)
    five = [*four, NOW - timedelta(minutes=50)]
    given(asked(*five)).when(request).then_refused(TooManyCustomerCodes, retry_after_seconds=601)


def test_an_hour_later_there_is_another_code() -> None:
    given(asked(*[NOW - CODES_WITHIN] * CODES_MAX)).when(request).event(CustomerCodeRequested)
    later = asked(*[NOW - CODES_WITHIN + SECOND] * CODES_MAX)
    given(later).when(request).then_refused(TooManyCustomerCodes, retry_after_seconds=2)


def test_the_right_code_is_used_up() -> None:
    redeemed = CustomerCodeRedeemed(order_id=ORDER_ID, purpose=CodePurpose.SIGN_IN, attempts=1, used_at=NOW)
    given(code()).when(lambda code: redeem(typed(), code)).then(redeemed)


def test_a_wrong_code_counts_as_a_try() -> None:
    rejected = CustomerCodeRejected(order_id=ORDER_ID, attempts=3)
    given(code(attempts=2)).when(lambda code: redeem(typed("wrong"), code)).then(rejected)


def test_a_code_for_something_else_is_a_wrong_one() -> None:
    rejected = CustomerCodeRejected(order_id=ORDER_ID, attempts=1)
    given(code()).when(lambda code: redeem(typed(purpose=CodePurpose.CONFIRM_CHANGE), code)).then(rejected)


@pytest.mark.parametrize(
    "of_no_use",
    [
        None,
        code(used_at=NOW, attempts=1),
        code(attempts=CODE_TRIES_MAX),
        code(asked_at=NOW - CODE_LIFETIME),
    ],
    ids=["unknown", "used", "tried too often", "too old"],
)
def test_what_is_of_no_use_any_more_is_not_even_counted(of_no_use: CustomerCode | None) -> None:
    given(of_no_use).when(lambda code: redeem(typed(), code)).then()
    given(of_no_use).when(lambda code: redeem(typed("wrong"), code)).then()


def test_a_code_works_until_its_last_moment() -> None:
    last_moment = NOW + CODE_LIFETIME - SECOND
    given(code()).when(lambda code: redeem(typed(), code, now=last_moment)).event(CustomerCodeRedeemed)

"""Somebody gets a key to the API; only a customer's is bound to an order."""

import pytest
from tests.scenario import NOW, ORDER_ID
from tests.story import given

from aftercart.access.decisions.create_api_key import CreateApiKey, create_api_key
from aftercart.access.events import ApiKeyCreated
from aftercart.access.model import Role, hash_of_secret
from aftercart.kit.refusal import Invalid


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_get_a_key(role: Role) -> None:
    command = CreateApiKey(secret_hash=hash_of_secret("secret"), role=role, label="till 3")
    created = ApiKeyCreated(
        secret_hash=hash_of_secret("secret"), role=role, label="till 3", order_id=None, created_at=NOW
    )
    given(command).when(lambda command: create_api_key(command, now=NOW)).then(created)


@pytest.mark.parametrize("role", list(Role))
def test_only_a_customers_key_is_bound_to_an_order(role: Role) -> None:
    command = CreateApiKey(secret_hash=hash_of_secret("secret"), role=role, order_id=ORDER_ID)
    outcome = given(command).when(lambda command: create_api_key(command, now=NOW))
    if role is Role.CUSTOMER:
        assert outcome.event(ApiKeyCreated).order_id == ORDER_ID
    else:
        outcome.then_refused(Invalid, param="order_id")


def test_two_secrets_have_two_hashes_and_neither_shows_its_secret() -> None:
    assert hash_of_secret("a") != hash_of_secret("b")
    assert "secret" not in hash_of_secret("secret")

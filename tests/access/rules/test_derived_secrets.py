"""Tokens, codes and keys follow from one secret and an id, and nothing else gives them away."""

import base64
import hashlib
import hmac
from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aftercart.access.rules.derived_secrets import (
    customer_code,
    hash_of_code,
    hash_of_token,
    link_token,
    webhook_secret,
)

SECRET = b"a secret of thirty-two characters"
ID = UUID("01934a3e-0000-7000-8000-000000000001")
EMAIL = "ada@example.org"


def test_a_token_is_the_hmac_of_purpose_id_and_address() -> None:
    digest = hmac.new(SECRET, f"customer link\0{ID} {EMAIL}".encode(), hashlib.sha256).digest()
    token = link_token(SECRET, ID, EMAIL)
    assert base64.urlsafe_b64decode(token + "=") == digest
    assert len(token) == 43
    assert hash_of_token(token) == hashlib.sha256(token.encode()).hexdigest()


@given(st.uuids(), st.uuids(), st.binary(min_size=32, max_size=32))
def test_other_ids_addresses_and_secrets_give_other_tokens(one: UUID, other: UUID, secret: bytes) -> None:
    assert (link_token(SECRET, one, EMAIL) == link_token(SECRET, other, EMAIL)) == (one == other)
    assert link_token(SECRET, one, "eva@example.org") != link_token(SECRET, one, EMAIL)
    assert link_token(secret, one, EMAIL) != link_token(SECRET, one, EMAIL)


@given(st.uuids())
def test_one_purpose_never_gives_away_another(one: UUID) -> None:
    key = base64.b64decode(webhook_secret(SECRET, one).removeprefix("whsec_"))
    assert key != base64.urlsafe_b64decode(link_token(SECRET, one, EMAIL) + "=")
    assert len(key) == 32


@given(st.uuids())
def test_a_code_has_eight_digits(code_id: UUID) -> None:
    code = customer_code(SECRET, code_id)
    assert len(code) == 8
    assert code.isdigit()


def test_codes_are_spread_over_all_digits() -> None:
    codes = [customer_code(SECRET, UUID(int=number)) for number in range(10_000)]
    for place in range(8):
        counted = Counter(code[place] for code in codes)
        assert all(850 < counted[digit] < 1_150 for digit in "0123456789"), (place, counted)


@given(st.uuids(), st.text(max_size=12), st.text(max_size=12))
def test_the_hash_of_a_code_depends_on_code_id_and_secret(code_id: UUID, one: str, other: str) -> None:
    assert (hash_of_code(SECRET, code_id, one) == hash_of_code(SECRET, code_id, other)) == (one == other)
    assert hash_of_code(SECRET, code_id, one) != hash_of_code(b"another", code_id, one)

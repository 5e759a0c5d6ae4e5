"""A cursor finds its way back, and a forged one is refused."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercart.kit.paging import Page, checked_limit, decode_cursor, encode_cursor, page_of
from aftercart.kit.refusal import Invalid

SORT_KEY = tuple[datetime, UUID]


def forged(json: bytes) -> str:
    return base64.urlsafe_b64encode(json).rstrip(b"=").decode()


@given(at=st.datetimes(timezones=st.just(UTC)), id_=st.uuids())
def test_a_sort_key_comes_back_from_its_cursor(at: datetime, id_: UUID) -> None:
    assert decode_cursor(encode_cursor((at, id_)), SORT_KEY) == (at, id_)


def test_a_cursor_is_safe_in_a_url() -> None:
    cursor = encode_cursor(("é?/+ü", 7))
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_cursor(cursor, tuple[str, int]) == ("é?/+ü", 7)


@given(text=st.text(max_size=50))
def test_a_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor(text, SORT_KEY)
    assert refused.value.param == "cursor"


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (forged(b"[9223372036854775808]"), tuple[int]),
        (forged(b'["a\\u0000"]'), tuple[str]),
        (forged(b'["2026-01-01T00:00:00"]'), tuple[datetime]),
        (forged(b"[true]"), tuple[int]),
        (forged(b"[1, 2]"), tuple[int]),
        (forged(b"[" * 600), tuple[int]),
        (forged(b'["' + b"a" * 2000 + b'"]'), tuple[str]),
        (forged(b"\xff\xfe"), tuple[str]),
        ("é", tuple[str]),
        ("a", tuple[str]),
        ("", tuple[str]),
    ],
)
def test_a_forged_cursor_is_refused_before_it_reaches_the_database(text: str, types: type[tuple[object, ...]]) -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor(text, types)
    assert refused.value.param == "cursor"


def test_a_limit_is_50_by_default_and_1_to_200_otherwise() -> None:
    assert [checked_limit(limit) for limit in (None, 1, 200)] == [50, 1, 200]
    for limit in (0, -1, 201, 2**63):
        with pytest.raises(Invalid) as refused:
            checked_limit(limit)
        assert refused.value.param == "limit"


def sort_key(row: int) -> tuple[object, ...]:
    return (row,)


def test_a_page_has_a_cursor_only_when_more_was_read_than_it_holds() -> None:
    assert page_of([1, 2, 3], limit=2, sort_key=sort_key) == Page(items=(1, 2), next_cursor=encode_cursor((2,)))
    assert page_of([1, 2], limit=2, sort_key=sort_key) == Page(items=(1, 2), next_cursor=None)
    assert page_of([], limit=2, sort_key=sort_key) == Page[int](items=(), next_cursor=None)


def test_a_page_is_written_as_json() -> None:
    page = page_of([1, 2], limit=1, sort_key=sort_key)
    assert msgspec.json.encode(page) == b'{"items":[1],"next_cursor":"WzFd"}'

"""Delivery methods, pickup points, postcodes and booked capacity in PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, LiteralString

import msgspec

from aftercart.inventory.model import Coordinates
from aftercart.kit.state import Change, Key, Kind, Statement
from aftercart.shipping import store_sql as sql
from aftercart.shipping.model import (
    Capacity,
    CapacityKey,
    DeliveryMethod,
    DirectoryKey,
    MethodKey,
    MethodsKey,
    MethodVersionKey,
    PickupPoint,
    PickupPointKey,
    PostcodeKey,
    UpcomingCapacityKey,
)
from aftercart.shipping.rules.defaults import with_defaults

_encode: Final = msgspec.json.encode
_decode_method: Final = msgspec.json.Decoder(DeliveryMethod).decode
_decode_point: Final = msgspec.json.Decoder(PickupPoint).decode

Rows = Iterable[tuple[Any, ...]]


class _PostcodeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    country: str
    postcode: str
    latitude: float
    longitude: float


def _with_keys(text: LiteralString, keys: Sequence[Key[Any]]) -> Statement:
    return Statement(text, {"keys": _encode(keys).decode()})


def _with_rows(text: LiteralString, rows: Sequence[msgspec.Struct]) -> tuple[Statement, ...]:
    return (Statement(text, {"rows": _encode(rows).decode()}),)


def _lock_methods(keys: Sequence[MethodKey]) -> Statement:
    return Statement(sql.LOCK_METHODS, {"codes": [key.code for key in keys]})


def _load_methods(keys: Sequence[MethodKey]) -> Statement:
    return Statement(sql.LOAD_METHODS, {"codes": [key.code for key in keys]})


def _load_all_methods(_keys: Sequence[MethodsKey]) -> Statement:
    return Statement(sql.LOAD_METHODS, {"codes": None})


def _read_methods(rows: Rows) -> Iterator[tuple[MethodKey, DeliveryMethod]]:
    for (row,) in rows:
        method = _decode_method(row)
        yield MethodKey(method.code), method


def _read_all_methods(rows: Rows) -> Iterator[tuple[MethodsKey, tuple[DeliveryMethod, ...]]]:
    yield MethodsKey(), with_defaults(tuple(method for _, method in _read_methods(rows)))


def _load_no_versions(_keys: Sequence[MethodVersionKey]) -> Statement:
    raise AssertionError("versions of methods are only ever appended")


def _save_versions(changes: Sequence[Change]) -> Iterable[Statement]:
    return _with_rows(sql.INSERT_METHODS, [change.after for change in changes])


def _lock_points(keys: Sequence[PickupPointKey]) -> Statement:
    return _with_keys(sql.LOCK_POINTS, keys)


def _load_points(keys: Sequence[PickupPointKey]) -> Statement:
    return _with_keys(sql.LOAD_POINTS, keys)


def _read_points(rows: Rows) -> Iterator[tuple[PickupPointKey, PickupPoint]]:
    for (row,) in rows:
        point = _decode_point(row)
        yield PickupPointKey(point.network, point.code), point


def _save_points(changes: Sequence[Change]) -> Iterable[Statement]:
    return _with_rows(sql.SAVE_POINTS, [change.after for change in changes])


def _load_postcodes(keys: Sequence[PostcodeKey]) -> Statement:
    return _with_keys(sql.LOAD_POSTCODES, keys)


def _read_postcodes(rows: Rows) -> Iterator[tuple[PostcodeKey, Coordinates]]:
    for country, postcode, latitude, longitude in rows:
        yield PostcodeKey(country, postcode), Coordinates(latitude=latitude, longitude=longitude)


def _save_postcodes(changes: Sequence[Change]) -> Iterable[Statement]:
    rows = [
        _PostcodeRow(
            country=change.key.country,
            postcode=change.key.postcode,
            latitude=change.after.latitude,
            longitude=change.after.longitude,
        )
        for change in changes
    ]
    return _with_rows(sql.SAVE_POSTCODES, rows)


def _load_directories(keys: Sequence[DirectoryKey]) -> Statement:
    return Statement(sql.LOAD_DIRECTORIES, {"networks": [key.network for key in keys]})


def _read_directories(rows: Rows) -> Iterator[tuple[DirectoryKey, bool]]:
    for (network,) in rows:
        yield DirectoryKey(network), True


def _create_capacity(keys: Sequence[CapacityKey]) -> Statement:
    return _with_keys(sql.CREATE_CAPACITY, keys)


def _lock_capacity(keys: Sequence[CapacityKey]) -> Statement:
    return _with_keys(sql.LOCK_CAPACITY, keys)


def _load_capacity(keys: Sequence[CapacityKey]) -> Statement:
    return _with_keys(sql.LOAD_CAPACITY, keys)


def _read_capacity(rows: Rows) -> Iterator[tuple[CapacityKey, Capacity]]:
    for resource, at, booked in rows:
        yield CapacityKey(resource, at), Capacity(resource=resource, at=at, booked=tuple(booked))


def _save_capacity(changes: Sequence[Change]) -> Iterable[Statement]:
    return _with_rows(sql.SAVE_CAPACITY, [change.after for change in changes])


def _load_upcoming(_keys: Sequence[UpcomingCapacityKey]) -> Statement:
    return Statement(sql.LOAD_UPCOMING_CAPACITY, {})


def _read_upcoming(rows: Rows) -> Iterator[tuple[UpcomingCapacityKey, Mapping[CapacityKey, Capacity]]]:
    yield UpcomingCapacityKey(), dict(_read_capacity(rows))


METHODS: Final = Kind(key=MethodKey, rank=50, lock=_lock_methods, load=_load_methods, read=_read_methods)
ALL_METHODS: Final = Kind(key=MethodsKey, load=_load_all_methods, read=_read_all_methods)
METHOD_VERSIONS: Final = Kind(
    key=MethodVersionKey, rank=51, load=_load_no_versions, read=lambda _: (), save=_save_versions
)
PICKUP_POINTS: Final = Kind(
    key=PickupPointKey, rank=52, lock=_lock_points, load=_load_points, read=_read_points, save=_save_points
)
POSTCODES: Final = Kind(key=PostcodeKey, rank=53, load=_load_postcodes, read=_read_postcodes, save=_save_postcodes)
CAPACITY: Final = Kind(
    key=CapacityKey,
    rank=80,
    create=_create_capacity,
    lock=_lock_capacity,
    locked=lambda row: CapacityKey(row[0], row[1]),
    load=_load_capacity,
    read=_read_capacity,
    save=_save_capacity,
)
UPCOMING_CAPACITY: Final = Kind(key=UpcomingCapacityKey, load=_load_upcoming, read=_read_upcoming)
DIRECTORIES: Final = Kind(key=DirectoryKey, rank=54, load=_load_directories, read=_read_directories)
KINDS: Final = (
    METHODS,
    ALL_METHODS,
    METHOD_VERSIONS,
    PICKUP_POINTS,
    POSTCODES,
    DIRECTORIES,
    CAPACITY,
    UPCOMING_CAPACITY,
)

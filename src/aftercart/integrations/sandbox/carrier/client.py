"""The way to the carrier of this machine: its answers become what the port ``Carrier`` says, whatever they are."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final, Self, TypeVar

import httpx
import msgspec

from aftercart.shipping.ports import (
    CarrierUnavailable,
    Label,
    LabelRefusedByCarrier,
    LabelRefusedReason,
    LabelRequest,
    ParcelHandedOver,
    TrackingEvent,
    UnknownParcel,
)

ANSWER_SECONDS_MAX: Final = 20.0
_Content = TypeVar("_Content")


class _Refused(msgspec.Struct, frozen=True):
    param: str
    reason: LabelRefusedReason


class _Unknown(msgspec.Struct, frozen=True):
    error: str
    tracking_number: str = ""


class _Told(msgspec.Struct, frozen=True):
    events: tuple[TrackingEvent, ...]
    after: str


class SandboxCarrier:
    """A ``Carrier`` behind a URL; open it with ``async with``."""

    def __init__(self, url: str, *, answer_seconds_max: float = ANSWER_SECONDS_MAX) -> None:
        self.url = url
        self._client = httpx.AsyncClient(base_url=url, timeout=answer_seconds_max, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def buy_label(self, request: LabelRequest) -> Label:
        """Returns the label of ``request.key``; see ``Carrier``."""
        answer = await self._post("/labels", request)
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            refused = _understood(answer, _Refused)
            raise LabelRefusedByCarrier(refused.param, refused.reason)
        return _understood(_accepted(answer), Label)

    async def find_label(self, key: str) -> Label | None:
        """Returns the label that was bought under a key; see ``Carrier``."""
        answer = await self._ask("GET", "/labels", query={"key": key})
        if answer.status_code == HTTPStatus.NOT_FOUND and _understood(answer, _Unknown).error == "unknown_label":
            return None
        return _understood(_accepted(answer), Label)

    async def void_label(self, key: str) -> None:
        """Gives the label of a key back; see ``Carrier``."""
        answer = await self._post("/voids", {"key": key})
        if answer.status_code == HTTPStatus.CONFLICT:
            raise ParcelHandedOver(key)
        _understood(_accepted(answer), dict[str, str])

    async def announce_handover(self, tracking_numbers: Sequence[str]) -> None:
        """Tells the carrier that it gets these parcels now; see ``Carrier``."""
        answer = await self._post("/handovers", {"tracking_numbers": tracking_numbers})
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise UnknownParcel(_understood(answer, _Unknown).tracking_number)
        _accepted(answer)

    async def tracking_events(self, after: str) -> tuple[Sequence[TrackingEvent], str]:
        """Returns what happened since ``after``; see ``Carrier``."""
        told = _understood(_accepted(await self._ask("GET", "/events", query={"after": after})), _Told)
        return told.events, told.after

    async def _post(self, path: str, content: object) -> httpx.Response:
        return await self._ask("POST", path, body=msgspec.json.encode(content))

    async def _ask(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> httpx.Response:
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            return await self._client.request(method, path, params=query, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise CarrierUnavailable(f"no answer: {type(error).__name__}") from error


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.status_code != HTTPStatus.OK:
        raise CarrierUnavailable(f"answered {answer.status_code}")
    return answer


def _understood(answer: httpx.Response, kind: type[_Content]) -> _Content:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.DecodeError as error:
        raise CarrierUnavailable(f"answered {answer.status_code} with something else than expected") from error

"""A crowd of calls begins a few at a time, in the order in which they came, and lets others work in between."""

import asyncio

from aftercart.web.api.admission import CALLS_PER_TURN, Admission


async def begun_before_somebody_else(crowd: int) -> int:
    """A crowd comes, then somebody whose answer is ready: how many of the crowd have begun before it goes on?"""
    admission = Admission()
    begun: list[int] = []

    async def call(number: int) -> None:
        await admission.enter()
        begun.append(number)

    calls = [asyncio.create_task(call(number)) for number in range(crowd)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    before = len(begun)
    await asyncio.gather(*calls)
    assert begun == list(range(crowd))
    return before


async def test_a_crowd_begins_a_few_at_a_time() -> None:
    assert await begun_before_somebody_else(10 * CALLS_PER_TURN) <= 3 * CALLS_PER_TURN


async def test_few_calls_begin_at_once() -> None:
    assert await begun_before_somebody_else(CALLS_PER_TURN) == CALLS_PER_TURN


async def test_a_call_given_up_while_it_waits_takes_nobodys_place() -> None:
    admission = Admission()
    calls = [asyncio.create_task(admission.enter()) for _ in range(3 * CALLS_PER_TURN)]
    await asyncio.sleep(0)
    calls[CALLS_PER_TURN].cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(answer) for answer in answers if answer is not None] == [asyncio.CancelledError]

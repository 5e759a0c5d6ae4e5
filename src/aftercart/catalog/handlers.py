"""How the catalog's commands are carried out."""

from collections.abc import Iterable
from typing import Final

from aftercart.catalog.decisions.upsert_variants import UpsertVariants, upsert_variants
from aftercart.catalog.model import VariantKey
from aftercart.kit.commands import Context, Decision, Handler
from aftercart.kit.state import Read, State


def _needs(command: UpsertVariants, _facts: State) -> Iterable[VariantKey | Read]:
    for definition in command.variants:
        yield VariantKey(definition.sku)
        for component in definition.components:
            yield Read(VariantKey(component.sku))


def _decide(command: UpsertVariants, state: State, context: Context) -> Decision:
    events, result = upsert_variants(command, lambda sku: state.find(VariantKey(sku)))
    return Decision(stream=context.command_id, version=0, events=events, result=result)


HANDLERS: Final = (
    Handler(
        command=UpsertVariants, needs=_needs, decide=_decide, weight=lambda command: max(1, len(command.variants) // 8)
    ),
)

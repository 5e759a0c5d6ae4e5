"""The glossary has every word of the code, no other, and speaks as the sentences do."""

import re

import pytest
from tests.architecture.documents import section, table, values

from aftercart.access.model import CodePurpose, Role
from aftercart.app import EVENTS
from aftercart.catalog.model import VariantKind
from aftercart.fulfillment.model import (
    FulfillmentStatus,
    InsertKind,
    LabelState,
    ParcelStatus,
    PickListStatus,
    ShortReason,
)
from aftercart.fulfillment.rules.cartons import LeftOutReason
from aftercart.inventory.model import BinMovementKind, LocationKind, MovementKind, Stage
from aftercart.notifications.audience import Audience
from aftercart.notifications.messages.kinds import MessageKind
from aftercart.notifications.model import DeliveryKind, DeliveryState, DisabledReason, GivenUpReason
from aftercart.orders.model import (
    CancellationReason,
    ChangeKind,
    ChangeUntil,
    Grain,
    HoldReason,
    MissingStockPolicy,
    PriceMode,
    PromotionKind,
    PromotionMode,
    ReleaseMode,
    Replacement,
    Status,
)
from aftercart.permissions import COMMANDS, SYSTEM
from aftercart.sentences import label
from aftercart.shipping.model import Ineligible, MethodKind, StepKind, StepReason, Zone
from aftercart.shipping.ports import LabelRefusedReason, TrackingStatus
from aftercart.shipping.rules.defaults import DEFAULTS_BY_CODE
from aftercart.shipping.rules.work import WorkMode
from aftercart.sourcing.model import Criterion, LosingReason, SourcingRule

GLOSSARY = {
    "Commands": {command.__name__ for command in COMMANDS},
    "Events": set(EVENTS),
    "Status of an order": values(Status),
    "Stage of a unit": values(Stage),
    "Reason of a hold": values(HoldReason),
    "Role of an actor": values(Role) | {SYSTEM.role},
    "Reason of a cancellation": values(CancellationReason),
    "Built-in method of delivery": set(DEFAULTS_BY_CODE),
    "Kind of delivery method": values(MethodKind),
    "Zone of delivery": values(Zone),
    "Reason why a method is not available": values(Ineligible),
    "Step of a promise": values(StepKind),
    "Reason of a later truck": values(StepReason),
    "Hour of preparation": values(WorkMode),
    "Status of tracking": values(TrackingStatus),
    "Reason why a carrier refused a label": values(LabelRefusedReason),
    "Kind of location": values(LocationKind),
    "Kind of variant": values(VariantKind),
    "Kind of movement": values(MovementKind),
    "Status of work on the floor": values(FulfillmentStatus),
    "Kind of bin movement": values(BinMovementKind),
    "Status of a pick list": values(PickListStatus),
    "Reason of a short pick": values(ShortReason),
    "Status of a parcel": values(ParcelStatus),
    "Kind of insert": values(InsertKind),
    "State of a label": values(LabelState),
    "Rule of sourcing": values(SourcingRule),
    "Reason why a location lost": values(LosingReason),
    "Policy for missing stock": values(MissingStockPolicy),
    "Kind of change": values(ChangeKind),
    "End of a change": values(ChangeUntil),
    "Grain of a touch": values(Grain),
    "Reason why units are left out of a carton": values(LeftOutReason),
    "Mode of release": values(ReleaseMode),
    "Mode of a price": values(PriceMode),
    "Mode of promotions": values(PromotionMode),
    "Kind of promotion": values(PromotionKind),
    "Replacement of a line": values(Replacement),
    "Criterion of sourcing": values(Criterion),
    "Audience of an event": values(Audience),
    "Kind of message": values(MessageKind),
    "Purpose of a code": values(CodePurpose),
    "Kind of delivery": values(DeliveryKind),
    "State of a delivery": values(DeliveryState),
    "Reason for giving a delivery up": values(GivenUpReason),
    "Reason for disabling an endpoint": values(DisabledReason),
}


@pytest.mark.parametrize("heading", GLOSSARY)
def test_the_glossary_has_every_word_of_the_code_and_no_other(heading: str) -> None:
    rows = list(table(section("docs/glossary.md", heading)))
    assert sorted(row[0].strip("`") for row in rows) == sorted(GLOSSARY[heading])
    assert [row for row in rows if len(row) != 4 or not all(row)] == []


SPOKEN = {
    "Status of an order": "status",
    "Stage of a unit": "stage",
    "Reason of a hold": "hold",
    "Role of an actor": "role",
    "Reason of a cancellation": "reason",
    "Built-in method of delivery": "method",
    "Kind of change": "change",
    "Reason why a method is not available": "ineligible",
    "Status of tracking": "tracking",
    "Reason why a carrier refused a label": "label_refused_reason",
    "Purpose of a code": "purpose",
    "Reason for giving a delivery up": "given_up_reason",
    "Reason for disabling an endpoint": "disabled_reason",
    "Status of a pick list": "list_status",
    "Reason of a short pick": "short_reason",
    "Status of a parcel": "parcel_status",
    "State of a label": "label_state",
}


@pytest.mark.parametrize("heading", SPOKEN)
def test_the_glossary_speaks_as_the_sentences_do(heading: str) -> None:
    for code, english, french, _ in table(section("docs/glossary.md", heading)):
        word = code.strip("`")
        if word != SYSTEM.role:
            assert (english, french) == (label(SPOKEN[heading], word, "en"), label(SPOKEN[heading], word, "fr"))


def test_the_glossary_has_one_meaning_for_each_word() -> None:
    words = re.findall(r"^\| ([^|`]+) \|", section("docs/glossary.md", "Words"), flags=re.MULTILINE)[1:]
    assert words == sorted(set(words), key=str.lower)

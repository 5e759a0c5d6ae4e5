"""The calculation of a promise is told step by step, in every language."""

from datetime import date
from string import Formatter
from typing import Any

import pytest
from tests.shipping.words import COLISSIMO, COLLECT, LYON, RELAY, VAN, at, place, point, to

from aftercart.sentences import LANGUAGES, Language, step_sentence
from aftercart.sentences.telling import TABLES
from aftercart.shipping.model import DeliveryMethod, Promise, PromiseStep, StepKind, StepReason
from aftercart.shipping.rules.promise import Origin, promise_for

NAMES = {"LYON": "Entrepôt de Lyon"}


def promised(method: DeliveryMethod, placed: str, **options: Any) -> Promise:
    now = at(placed)
    store = place("S1", kind="store", working_days=(2, 3, 4, 5, 6), cutoff="17:00")
    origins = (Origin(location=store if method is COLLECT else LYON, ready_at=now),)
    wish: dict[str, Any] = {"method": method, "destination": to("75002"), "origins": origins, "now": now}
    return promise_for(**(wish | options))


def told(promise: Promise, language: Language) -> list[str]:
    return [step_sentence(step, language, NAMES) for step in promise.steps]


def test_an_order_of_friday_evening() -> None:
    promise = promised(COLISSIMO, "Fri 2026-03-06 18:00")
    assert told(promise, "en") == [
        "In stock (Entrepôt de Lyon).",
        "The day's departure was over: leaves on Monday 9 March at 14:00 (Entrepôt de Lyon).",
        "On its way for 2 to 3 working days: arrives between Wednesday 11 March and Thursday 12 March.",
    ]
    assert told(promise, "fr") == [
        "En stock (Entrepôt de Lyon).",
        "Le départ du jour était passé : départ le lundi 9 mars à 14:00 (Entrepôt de Lyon).",
        "En route 2 à 3 jours ouvrés : arrivée entre le mercredi 11 mars et le jeudi 12 mars.",
    ]


def test_holidays_that_were_passed_over_are_named() -> None:
    promise = promised(COLISSIMO, "Thu 2026-04-30 10:00")
    assert told(promise, "en")[-1].endswith("and Tuesday 5 May. Not counted: Friday 1 May.")
    assert told(promise, "fr")[-1].endswith("et le mardi 5 mai. Ne comptent pas : vendredi 1er mai.")


def test_a_supply_a_closed_store_a_closed_point_and_a_slot_are_told() -> None:
    supplied = (Origin(location=LYON, ready_at=at("Mon 2026-03-16 08:00")),)
    assert told(promised(COLISSIMO, "Mon 2026-03-02 10:00", origins=supplied), "en")[0] == (
        "Expected in stock on Monday 16 March (Entrepôt de Lyon)."
    )
    assert told(promised(COLLECT, "Mon 2026-03-02 10:00"), "en")[1] == (
        "Closed that day: ready to be collected on Tuesday 3 March at 17:00 (S1)."
    )
    relay = promised(RELAY, "Thu 2026-03-05 10:00", point=point("Mo-Sa 09:00-19:00; We off"))
    assert told(relay, "fr")[-1] == (
        "Le point de retrait est fermé à l'arrivée : à retirer à partir d'un jour entre le lundi 9 mars et le "
        "jeudi 12 mars."
    )
    slot = promised(VAN, "Mon 2026-03-02 10:00", slot=at("Wed 2026-03-04 18:00"))
    assert told(slot, "fr")[-1] == "Livraison le mercredi 4 mars entre 18:00 et 20:00."


def test_of_two_parcels_the_last_one_is_told() -> None:
    now = at("Thu 2026-04-02 15:00")
    origins = (Origin(location=LYON, ready_at=now), Origin(location=place("METZ", postcode="57000"), ready_at=now))
    promise = promised(COLISSIMO, "Thu 2026-04-02 15:00", origins=origins)
    assert told(promise, "en")[-1] == (
        "Comes in 2 parcels: the last one arrives between Thursday 9 April and Friday 10 April."
    )


WHY = {
    StepKind.TRUCK: tuple(StepReason),
    StepKind.STORE: tuple(StepReason),
}
DAY, LATER = date(2026, 3, 2), date(2026, 3, 3)


def every_step() -> list[PromiseStep]:
    whole: dict[str, Any] = {
        "location": "LYON",
        "on": DAY,
        "time": "14:00",
        "time_until": "16:00",
        "days": 2,
        "days_max": 3,
    }
    steps = [PromiseStep(kind=kind, until=until, **whole) for kind in StepKind for until in (None, DAY, LATER)]
    steps += [PromiseStep(kind=kind, why=why, **whole) for kind, reasons in WHY.items() for why in reasons]
    steps.append(PromiseStep(kind=StepKind.TRANSIT, on=DAY, days=0, days_max=0))
    return [step for step in steps if step.until != LATER or f"{step.kind.value}.range" in TABLES["en"].steps]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_sentence(language: Language) -> None:
    told = [step_sentence(step, language) for step in every_step()]
    assert all(told)
    assert len(set(told)) == len(TABLES[language].steps) - 1  # all but the one of days passed over


def test_every_language_tells_the_same_of_a_step() -> None:
    english = TABLES["en"].steps
    for language in LANGUAGES:
        steps = TABLES[language].steps
        assert steps.keys() == english.keys()
        for form, template in steps.items():
            assert _fields(template) == _fields(english[form]), form


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}

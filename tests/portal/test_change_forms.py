"""Every change there is has its form, its words, and its place on the page."""

import pytest
from tests.notifications.messages.occasions import PAID, PARIS
from tests.scenario import NOW

from aftercart.orders.model import DEFAULT_POLICY, ChangeKind
from aftercart.orders.rules.allowed_changes import LINE_CHANGES
from aftercart.sentences import LANGUAGES
from aftercart.sentences.voice import PHRASES, voice_for
from aftercart.web.portal.change_forms import FORMS
from aftercart.web.portal.fields import all_fields, countries
from aftercart.web.portal.possible import _SHOWN_FIRST, possible_changes  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("change", ChangeKind)
def test_every_change_has_its_form_and_its_words(change: ChangeKind) -> None:
    assert change in FORMS
    assert (change in LINE_CHANGES) != (change in _SHOWN_FIRST)
    for language in LANGUAGES:
        assert {f"do_{change.value}", f"about_{change.value}"} <= PHRASES[language].keys()
        voice = voice_for(language, zone=PARIS)
        names = [field.name for field in all_fields(FORMS[change].fields(PAID, voice, {"line": "2"}))]
        assert len(names) == len(set(names))


def test_every_open_change_has_a_link_of_its_own() -> None:
    possible = possible_changes(PAID, voice_for("fr", zone=PARIS), now=NOW, policy=DEFAULT_POLICY)
    paths = [link.path for links in (possible.whole, *possible.by_line.values()) for link in links]
    assert len(paths) == len(set(paths)) == 14
    assert [closed.label for closed in possible.closed] == ["La retirer ailleurs"]


@pytest.mark.parametrize(
    ("locale", "in_order"), [("fr", ("Allemagne", "États-Unis", "France")), ("en_GB", ("Åland Islands", "Albania"))]
)
def test_countries_are_called_by_their_names_and_sorted_by_them(locale: str, in_order: tuple[str, ...]) -> None:
    labels = [option.label for option in countries(locale)]
    assert len(labels) > 200
    assert sorted(in_order, key=labels.index) == list(in_order)

import psycopg
import pytest

from aftercart.cli.app import app
from aftercart.kit.embedded_postgres import EmbeddedPostgres
from aftercart.kit.migrate import MigrationRefused
from aftercart.views.audit_checks import CHECKS
from aftercart.views.audit_orders import ORDER_CHECKS

CHECKS_COUNT = len(CHECKS) + len(ORDER_CHECKS)


def test_an_audit_without_findings_says_so(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    app(("audit", "--fold", "all", "--database-url", database_url), exit_on_error=False, result_action="return_value")
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "       ok  lines_are_numbered_from_one_without_gap"
    assert printed[-1] == f"all {CHECKS_COUNT} invariants hold"


@pytest.mark.broken_on_purpose
def test_an_audit_with_findings_names_them_and_exits_with_1(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE kit.cursors SET \"offset\" = 7 WHERE consumer = 'reactions'")
    with pytest.raises(SystemExit, match="1"):
        app(("audit", "--database-url", database_url), exit_on_error=False, result_action="return_value")
    printed = capsys.readouterr().out.splitlines()
    assert "        1  cursors_stay_within_the_feed" in printed
    assert "             reactions: at offset 7, the feed ends at 0" in printed
    assert printed[-1] == f"1 of {CHECKS_COUNT} invariants do not hold"


def test_a_database_of_another_shape_is_told(own_postgres: EmbeddedPostgres) -> None:
    arguments = ("audit", "--database-url", own_postgres.url("postgres"))
    with pytest.raises(MigrationRefused, match="run aftercart migrate"):
        app(arguments, exit_on_error=False, result_action="return_value")

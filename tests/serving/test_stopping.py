"""The server ends when it is told to, whatever it is busy with."""

import sys
from pathlib import Path

from tests.server import serving, wait_until

_STUBBORN = Path(__file__).parents[1] / "stubborn_serve.py"


def stubborn(what: str) -> tuple[str, ...]:
    """Return the program that is like `aftercart`, with something in it that does not end; see `STUBBORN`."""
    return (sys.executable, str(_STUBBORN), what)


def test_it_does_not_finish_filling_the_demo_first(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, "--demo", program=stubborn("demo"), answers=False) as server:
        wait_until(lambda: "waits" in server.output)
        assert server.stop() == 0, server.log
        assert "serving on" not in server.output
        assert "Traceback" not in server.log


def test_a_loop_that_lost_a_cancellation_is_canceled_again(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, program=stubborn("loop")) as server:
        wait_until(lambda: "waits" in server.output)
        assert server.stop() == 0, server.log
        assert server.log == "", "nothing was abandoned, and every lease was given back"


def test_a_thread_that_never_answers_does_not_keep_it_and_is_told_of(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, program=stubborn("thread")) as server:
        wait_until(lambda: "waits" in server.output)
        assert server.stop() == 1
        assert "Timeout (0:00:04)!" in server.log
        assert "threading.py" in server.log
        server.process.returncode = 0  # `serving` would take offense at another code

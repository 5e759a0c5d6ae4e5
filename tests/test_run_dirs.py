"""What killed test runs left behind goes away once, however many runs begin at the same time."""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from tests.run_dirs import make_run_dir, remove_left_over_run_dirs

LEFT_OVER = 40
AT_ONCE = 4


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def pid_of_the_dead() -> int:
    ended = subprocess.Popen((sys.executable, "-c", ""))
    ended.wait()
    return ended.pid


def test_several_runs_remove_the_same_left_overs_at_once(temporary: Path) -> None:
    dead = pid_of_the_dead()
    for number in range(LEFT_OVER):
        for folder in ("a/b", "c"):
            (temporary / f"aftercart-tests-{dead}-{number}" / folder).mkdir(parents=True)
    begin = Barrier(AT_ONCE)

    def remove() -> None:
        begin.wait()
        remove_left_over_run_dirs()

    with ThreadPoolExecutor(AT_ONCE) as runs:
        for run in [runs.submit(remove) for _ in range(AT_ONCE)]:
            run.result()
    assert list(temporary.iterdir()) == []


def test_a_run_that_goes_on_keeps_its_folder(temporary: Path) -> None:
    mine = make_run_dir()
    remove_left_over_run_dirs()
    assert list(temporary.iterdir()) == [mine]

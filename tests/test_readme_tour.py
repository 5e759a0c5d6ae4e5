"""The tour of the README works as it stands there: every command runs, every answer is the one that is shown."""

import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.server import environment, serving

from aftercart.demo.key import KEY_FILE

README: Final = Path(__file__).parents[1] / "README.md"
END_OF_STEP: Final = "--- end of step"
SETTLED_WITHIN_SECONDS: Final = 20.0
ELISION: Final = "..."

# What differs from run to run, and what it is shown as when it does.
_CHANGING: Final = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b"), "NUMBER"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "MOMENT"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"),
    (re.compile(r"\b[0-9a-f]{24}\b"), "QUOTE"),
)


class Step(NamedTuple):
    """One block of commands, and what the README says they print."""

    commands: str
    output: list[str]


def steps() -> list[Step]:
    """Return the steps of the tour in their order."""
    tour = README.read_text(encoding="utf-8").partition("\n## Five minutes\n")[2].partition("\n## ")[0]
    blocks = re.findall(
        r"^```sh\n(.*?)^```\n(?:\n*^```(?:json|text)\n(.*?)^```$)?", tour, flags=re.DOTALL | re.MULTILINE
    )
    assert blocks
    return [Step(commands, output.splitlines()) for commands, output in blocks]


def normalized(line: str) -> str:
    for pattern, name in _CHANGING:
        line = pattern.sub(name, line)
    return line.rstrip()


def is_as_shown(printed: list[str], shown: list[str]) -> bool:
    """Tell whether the output is what is shown; a line of three dots in the README stands for any number of lines."""
    parts: list[list[str]] = [[]]
    for line in map(normalized, shown):
        if line.strip() == ELISION:
            parts.append([])
        else:
            parts[-1].append(line)
    lines = [normalized(line) for line in printed]
    if len(parts) == 1:
        return lines == parts[0]
    first, *middle, last = parts
    end = len(lines) - len(last)
    at = len(first)
    for part in middle:
        at = next((start for start in range(at, end) if lines[start : start + len(part)] == part), end) + len(part)
    return lines[: len(first)] == first and at <= end and lines[end:] == last


class Shell:
    """A bash that keeps its variables and functions from step to step, as the reader's does."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, commands: str) -> list[str]:
        """Return the lines that the commands print."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{{ {commands}\n}} </dev/null; echo '{END_OF_STEP}'\n")
        self._process.stdin.flush()
        printed: list[str] = []
        for line in self._process.stdout:
            if line.rstrip("\n") == END_OF_STEP:
                return printed
            printed.append(line.rstrip("\n"))
        raise AssertionError(f"the shell ended:\n{printed}")


@contextmanager
def shell(folder: Path, *, database_url: str) -> Generator[Shell]:
    settings = {**environment(), "AFTERCART_DATABASE_URL": database_url}
    with subprocess.Popen(
        ("/bin/bash", "-u"), cwd=folder, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Shell(process)
        assert process.stdin is not None
        process.stdin.close()


def test_every_step_of_the_tour_prints_what_the_readme_shows(database_url: str, tmp_path: Path) -> None:
    data_dir = tmp_path / ".aftercart"
    with serving(database_url, tmp_path, "--demo") as server, shell(tmp_path, database_url=database_url) as bash:
        assert (data_dir / KEY_FILE).exists()
        for step in steps():
            commands = step.commands.replace("localhost:8000", f"127.0.0.1:{server.port}")
            commands = commands.replace(".venv/bin/aftercart", f"{sys.executable} -m aftercart")
            printed = bash.run(commands)
            deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
            # What reactions do comes a moment later, so a question may be asked again; a wish may not.
            while not is_as_shown(printed, step.output) and " -d " not in commands and time.monotonic() < deadline:
                printed = bash.run(commands)
            assert is_as_shown(printed, step.output), "\n".join([commands, "printed:", *printed])


@pytest.mark.parametrize(
    ("printed", "shown", "expected"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a"], False),
        (["a", "b", "c"], ["a", "  ...", "c"], True),
        (["a", "b", "c"], ["a", "...", "b"], False),
        (["a", "b", "c"], ["a", "..."], True),
        (["b"], ["...", "a", "..."], False),
        (['"placed_at": "2026-01-05T12:00:00.5Z"'], ['"placed_at": "2026-11-23T16:49:02.772442Z"'], True),
        (["8 units"], ["9 units"], False),
    ],
)
def test_only_what_changes_from_run_to_run_may_differ(printed: list[str], shown: list[str], *, expected: bool) -> None:
    assert is_as_shown(printed, shown) is expected

"""A secret in a file is made once, read by its owner only, and the same for everybody who asks."""

import threading
from itertools import count
from pathlib import Path

from aftercart.kit.private_file import kept_text


def test_it_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    numbers = count()
    texts = [kept_text(path, lambda: f"secret {next(numbers)}") for _ in range(3)]
    assert texts == ["secret 0"] * 3
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_of_many_who_make_it_at_once_all_get_the_first(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    begin, texts = threading.Barrier(8), list[str]()

    def make(text: str) -> str:
        begin.wait()
        return text

    def ask(number: int) -> None:
        texts.append(kept_text(path, lambda: make(f"secret {number}")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 8
    assert set(texts) == {path.read_text().strip()}

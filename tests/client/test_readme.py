"""The README's examples, run one after the other against the simulator, and the list of
operations beside it."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

import v0client
from tests.serving import served
from v0client import V0
from v0client.operations import operations
from v0client.simulator import asking, builds, control, generation

HOME = Path(v0client.__file__).parent
README = (HOME / "README.md").read_text()
OF_SIMULATOR = (HOME / "simulator/README.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", README + OF_SIMULATOR, re.DOTALL)


def test_the_examples_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with served() as simulator, V0("v0-demo-owner", base_url=simulator.base_url) as client:
        names: dict[str, Any] = {"Path": Path}
        # Time stands until it is moved: waiting for v0 moves it.
        names["time"] = type("time", (), {"sleep": staticmethod(simulator.clock.advance)})
        client.v1.chats.create(message="A page to be listed", response_mode="async")
        for number, example in enumerate(EXAMPLES):
            text = example.replace(
                '("your-key"', f'("v0-demo-owner", base_url="{simulator.base_url}"'
            )
            names["client"] = client  # the first ones close theirs
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(text, f"README.md, example {number}", "exec"), names)  # noqa: S102
            assert printed.getvalue() or "print(" not in text, text
    assert (tmp_path / "shop.zip").read_bytes().startswith(b"PK")


def test_the_list_of_operations_is_that_of_the_code() -> None:
    listed = (HOME / "operations.txt").read_text()
    assert listed == "".join(f"{operation}\n" for operation in operations())


def test_everything_the_package_offers_is_in_the_readme() -> None:
    for name in v0client.__all__:
        assert re.search(rf"\b{name}\b", README), name


def test_the_simulators_readme_names_every_word_and_control() -> None:
    for words in (*asking.WORDS, generation.FAILING_WORDS, builds.FAILING_WORDS):
        assert f"`{words}`" in OF_SIMULATOR, words
    controls = Path(control.__file__).read_text()
    for method, name in re.findall(r'\("(GET|POST|DELETE)", "([\w-]+)"\)', controls):
        assert f"/_sim/{name}`" in OF_SIMULATOR, f"{method} {name}"

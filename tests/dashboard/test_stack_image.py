"""The production image, as far as that can be told without a container engine.

The steps of the Dockerfile's build stage are run as they stand, in a folder of their own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo import OURS, PROJECT

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

Step = tuple[str, str]


def stages() -> list[list[Step]]:
    """The Dockerfile's stages as lists of (instruction, rest)."""
    text = re.sub(r"\\\n\s*", " ", (PROJECT / "Dockerfile").read_text())
    lines = [line.split(" ", 1) for line in text.splitlines() if line and line[0] != "#"]
    found: list[list[Step]] = []
    for instruction, rest in lines:
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, rest))
    return found


def run_build_stage(root: Path) -> None:
    """Run ENV, WORKDIR, COPY and RUN below `root` instead of below /."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    environment["PIP_NO_COMPILE"] = "1"  # halves the time, and nothing here depends on it
    folder = root
    for instruction, rest in stages()[0]:
        if instruction == "ENV":
            environment |= dict(pair.split("=", 1) for pair in rest.split())
        elif instruction == "WORKDIR":
            folder = root / rest.lstrip("/")
            folder.mkdir(parents=True)
        elif instruction == "COPY":
            copy(*rest.split(), folder)
        elif instruction == "RUN":
            command = rest.replace("/venv", str(root / "venv"))
            done = subprocess.run(
                ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        else:
            assert instruction == "FROM", f"the test does not know {instruction}"


def copy(source: str, target: str, folder: Path) -> None:
    if (PROJECT / source).is_dir():
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / source, folder / target, ignore=leave_out)
    else:
        (folder / target).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / source, folder / target)


def test_the_image_installs_collects_and_imports(tmp_path: Path) -> None:
    run_build_stage(tmp_path)
    collected = json.loads((tmp_path / "app/staticfiles/staticfiles.json").read_text())
    assert "css/base.css" in collected["paths"]
    given = {name: os.environ[name] for name in OURS if name in os.environ}
    program = "import dashboard.asgi, dashboard.urls, dashboard.tasks"
    imported = subprocess.run(
        [tmp_path / "venv/bin/python", "-c", program],
        cwd=tmp_path / "app",
        env=given | {"DEBUG": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
    for program in ("uvicorn", "celery"):
        assert (tmp_path / "venv/bin" / program).exists()


def test_the_image_does_not_run_as_root_and_looks_after_itself() -> None:
    last = dict(stages()[-1])
    assert last["USER"] == "dashboard"
    assert "/healthz" in last["HEALTHCHECK"]
    assert json.loads(last["CMD"])[0] == "uvicorn"


def test_what_the_image_copies_is_let_through_by_dockerignore() -> None:
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    let_through = {line[1:] for line in lines if line.startswith("!")}
    copied = {rest.split()[0] for instruction, rest in stages()[0] if instruction == "COPY"}
    assert lines[0] == "*"
    assert copied == let_through

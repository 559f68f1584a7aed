"""The rules of the house that a linter does not know: sizes, names, docstrings, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("dashboard", "v0client", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and "node_modules" not in path.parts
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
VIEW_LINES, FUNCTION_LINES, FILE_LINES = 25, 40, 300


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        doc = node.body[0]
        lines -= (doc.end_lineno or doc.lineno) - doc.lineno + 1
    return lines


def is_view(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = node.args.args
    return path.parent.name == "views" and bool(arguments) and arguments[0].arg == "request"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_file_is_readable_at_one_sitting(path: Path) -> None:
    source = path.read_text()
    lines = source.count("\n")
    # Data modules hold one big literal and no logic; their length says nothing.
    is_data = not any(functions(ast.parse(source))) and lines > FILE_LINES
    assert lines <= FILE_LINES or is_data, f"{lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_functions_are_short(path: Path) -> None:
    for node in functions(ast.parse(path.read_text())):
        limit = VIEW_LINES if is_view(path, node) else FUNCTION_LINES
        # An API operation lists its typed fields one a line; the signature is its documentation.
        signature = node.body[0].lineno - node.lineno
        lines = body_lines(node) - (signature if "v1" in path.parts else 0)
        assert lines <= limit, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_module_says_what_lives_here(path: Path) -> None:
    source = path.read_text()
    doc = ast.get_docstring(ast.parse(source))
    assert doc or not source.strip(), "no docstring"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_module_is_named_for_its_subject(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES


def test_every_setting_is_in_the_example_file_and_no_other() -> None:
    read = re.compile(r'env\.(?:text|flag|number|secret|listing|database)\(\s*"([A-Z0-9_]+)"')
    used = set(read.findall((ROOT / "dashboard/settings.py").read_text()))
    used |= set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    told = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert used == told


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=label)
def test_templates_have_no_inline_style_or_script(path: Path) -> None:
    """The Content-Security-Policy forbids both; a browser would drop them silently."""
    source = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", source)
    for tag in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in tag or "application/json" in tag, tag


@pytest.mark.parametrize("path", sorted((ROOT / "templates/components").glob("*.html")), ids=label)
def test_a_component_says_what_it_takes(path: Path) -> None:
    assert path.read_text().lstrip().startswith("{#"), "no first-line comment with its inputs"


def test_every_component_is_on_a_page() -> None:
    templates = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    for path in (ROOT / "templates/components").glob("*.html"):
        assert f'"components/{path.name}' in templates, path.name


def test_every_save_of_a_row_names_its_fields() -> None:
    """A whole-row save would write back what another process has changed meanwhile."""
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                named = {keyword.arg for keyword in node.keywords}
                bare = node.func.attr == "save" and not named and not node.args
                assert not bare, f"{label(path)}:{node.lineno}"

"""Texts of others, Markdown and source code, are shown whole and run nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.texts import hard_breaks, highlight_source, markdown_html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        '![x](https://e.example/a.png "onerror=alert(1)")',
        "<https://e.example/\"onmouseover='alert(1)'>",
        "```x\n</code></pre><script>alert(1)</script>\n```",
        '```"><script>alert(1)</script>\ntext\n```',
        "# <svg onload=alert(1)>",
        "| <b onclick=alert(1)>a</b> |\n| --- |\n| <style>*{}</style> |",
        '<a href="/t/team/" style="position:fixed">x</a>',
    ],
)
@pytest.mark.parametrize("is_typed", [False, True])
def test_markdown_of_others_runs_nothing(hostile: str, is_typed: bool) -> None:
    html = markdown_html(hostile, is_typed=is_typed)
    tags = re.findall(r"<(\w+)([^>]*)>", html)
    assert not {tag for tag, _ in tags} & {"script", "img", "svg", "style", "iframe", "b"}
    for _, attributes in tags:
        outside_quotes = re.sub(r'"[^"]*"', "", attributes)
        assert not re.search(r"\bon\w+|\bstyle\b", outside_quotes)
        assert not re.search(r'href="(?!https?://e\.example)', attributes)


@given(st.text(alphabet=st.sampled_from("<>\"'`#[]()!|-:\nab/ &;=*_"), max_size=80))
def test_markdown_of_any_shape_prints_only_allowed_tags(text: str) -> None:
    allowed = {
        "a", "blockquote", "br", "code", "div", "em", "hr", "li", "ol", "p", "pre", "s", "span",
        "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
    for is_typed in (False, True):
        assert set(re.findall(r"<(\w+)", markdown_html(text, is_typed=is_typed))) <= allowed


def test_markdown_has_tables_lists_and_code_and_links_open_apart() -> None:
    html = markdown_html(
        "| a |\n| - |\n| b |\n\n- one\n\n[x](https://e.example)\n\n```py\nx = 1\n```"
    )
    assert "<table>" in html
    assert "<li>one</li>" in html
    assert 'target="_blank"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert '<span class="mi">1</span>' in html


def test_headings_of_a_message_leave_the_outline_of_the_page_alone() -> None:
    assert markdown_html("# Big") == '<p class="heading h1">Big</p>'


def test_pictures_in_messages_become_links() -> None:
    html = markdown_html("![a shot](https://e.example/a.png)")
    assert "<img" not in html
    assert ">a shot</a>" in html


def test_a_long_prompt_is_rendered_whole() -> None:
    assert markdown_html("word " * 4000).count("word") == 4000
    assert "x" in markdown_html("[" * 10_000 + "x")


def test_source_has_numbered_lines_with_anchors() -> None:
    html = highlight_source("page.tsx", "const a = 1;\n\nexport default a;\n")
    assert re.findall(r'id="L(\d+)"', html) == ["1", "2", "3"]
    assert '<span class="kd">const</span>' in html


def test_source_is_escaped_whatever_its_language() -> None:
    for name in ("page.tsx", "page.html", "unknown.v0x", "noending", "Dockerfile"):
        html = highlight_source(name, "</code><script>alert('&')</script>")
        assert "<script" not in html
        assert "&lt;" in html


@given(st.text(max_size=200))
def test_highlighting_loses_no_character(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    html = highlight_source("a.txt", plain)
    numberless = re.sub(r'<a class="no"[^>]*>\d+</a>', "", html)
    lines = re.findall(r'<span class="line"[^>]*>(.*?)</span>(?=<span class="line"|</code>)',
                       numberless, re.S)  # fmt: skip
    bare = "\n".join(re.sub(r"<[^>]+>", "", line) for line in lines)
    for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"),
                               ("&amp;", "&")):  # fmt: skip
        bare = bare.replace(escaped, character)
    assert bare == plain


def test_a_line_of_minified_code_has_no_colours_and_its_neighbours_have() -> None:
    """Chromium stands still for half a minute over 80,000 spans in one line."""
    minified = "var a=1;" * 5_000
    html = highlight_source("min.js", f"var b = 2;\n{minified}\nvar c = 3;")
    _, first, long, last = html.split('<span class="line"')
    assert long.endswith(f">2</a>{minified}</span>")
    assert '<span class="kd">var</span>' in first
    assert '<span class="kd">var</span>' in last


def test_lists_and_quotations_go_the_way_of_their_words() -> None:
    html = markdown_html("- one\n\n> two\n\n3. three")
    assert '<ul dir="auto">' in html
    assert '<blockquote dir="auto">' in html
    assert '<ol start="3" dir="auto">' in html or '<ol dir="auto" start="3">' in html


LOG = "It says:\n\n  at run\n    at start (a.ts:1)\n---\nDone"


def test_what_people_typed_keeps_its_lines_and_their_indentation() -> None:
    html = markdown_html("One\n  two\nthree\\\nfour", is_typed=True)
    assert html == '<p class="lines">One<br>  two<br>three<br>four</p>\n'
    log = markdown_html(LOG, is_typed=True)
    assert "at run<br>    at start (a.ts:1)</p>" in log
    assert "heading" not in log
    assert "<br>" not in markdown_html("One\ntwo")


def test_what_people_typed_is_markdown_all_the_same() -> None:
    html = markdown_html("- **a**\n  b\n- c\n\n```\nx\n  y\n```", is_typed=True)
    assert "<li><strong>a</strong><br>b</li>" in html
    assert "<br>" not in html.partition("<pre")[2]


def test_lines_are_kept_as_markdown_for_other_readers() -> None:
    text = "One\ntwo\n\nthree\n```\na\nb\n```\nfour"
    kept = "One  \ntwo\n\nthree  \n```\na\nb\n```\nfour"
    assert hard_breaks(text) == kept
    for fence in ("````\n```\na\n````", "~~~\n```\na\n~~~~", "```py\n```py\na\n```"):
        assert hard_breaks(f"{fence}\nx\ny") == f"{fence}\nx  \ny"
    assert "One<br>\ntwo" in markdown_html(kept).replace("<br />", "<br>")

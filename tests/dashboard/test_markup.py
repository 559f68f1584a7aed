"""Texts that pages show as HTML, written back as Markdown: the same again when it is rendered."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from dashboard.markup import as_markdown
from dashboard.texts import markdown_html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<p class="heading h3">What changed</p><p>Two <em>files</em></p>',
         "### What changed\n\nTwo *files*"),
        ("<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p><p>more</p></li></ul>",
         "- one\n  - inner\n- two\n\n  more"),
        ('<ol start="3"><li>three</li><li>four</li></ol>', "3. three\n4. four"),
        ("<pre><code>a ``` b\nc\n</code></pre>", "````\na ``` b\nc\n````"),
        ("<p>The <code>a`b</code> file</p>", "The `` a`b `` file"),
        ("<blockquote><p>a</p><p>b</p></blockquote><hr>", "> a\n>\n> b\n\n---"),
        ('<p><a href="https://example.com/(x)">Go</a><br>on</p>',
         "[Go](<https://example.com/(x)>)\\\non"),
        ("<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1|2</td></tr></tbody></table>",
         "| A |\n| --- |\n| 1\\|2 |"),
        ("loose <strong>text</strong><p>and more</p>at the end",
         "loose **text**\n\nand more\n\nat the end"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_page_shows_is_written_as_markdown(html: str, markdown: str) -> None:
    assert as_markdown(html) == markdown


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@given(st.text("ab;lt *_`#->+~[]()<&!|1.\\\\", min_size=1, max_size=30))
def test_a_plain_text_comes_out_as_it_went_in(text: str) -> None:
    page = f"<p>{escape(text)}</p>"
    assert words(markdown_html(as_markdown(page))) == words(page)


def test_markup_that_is_not_closed_loses_no_text() -> None:
    assert as_markdown("<p>one</b> <em>two</p>three") == "one *two*\n\nthree"

"""Long texts of others made safe to show: Markdown and source code. No database, no requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import STANDARD_TYPES
from pygments.util import ClassNotFound

HIGHLIGHT_LIMIT = 300_000  # characters; beyond it colours cost more time than they are worth
LINE_LIMIT = 5_000  # of one line: browsers stand still over thousands of colours in a row
SAME_GRAMMAR = {"tsx": "typescript", "mts": "typescript", "cts": "typescript", "mdx": "markdown",
                "jsx": "javascript", "mjs": "javascript", "cjs": "javascript"}  # fmt: skip
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "hr", "li", "ol", "p", "pre", "s", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "blockquote": {"dir"}, "ol": {"start", "dir"}, "ul": {"dir"},
    "p": {"class"}, "pre": {"tabindex"}, "span": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
}  # fmt: skip


def markdown_html(text: str, *, is_typed: bool = False) -> SafeString:
    """CommonMark with tables as HTML that runs nothing and loads nothing. What people typed keeps
    its lines and how far they are indented.

    Raw HTML stays text, headings become bold paragraphs (the page owns its outline), images
    become links, and every link opens apart and passes nothing on.
    """
    return safe_html(renderer(is_typed).render(text))


def safe_html(html: str) -> SafeString:
    """HTML without anything that runs or loads."""
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return mark_safe(clean)  # noqa: S308


@cache
def renderer(is_typed: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("heading_open", heading_open)
    parser.add_render_rule("heading_close", heading_close)
    parser.add_render_rule("image", image)
    parser.add_render_rule("fence", fence)
    parser.add_render_rule("code_block", fence)
    parser.add_render_rule("table_open", table_open)
    parser.add_render_rule("table_close", table_close)
    for opening in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
        parser.add_render_rule(opening, by_its_words)
    if is_typed:
        keep_lines(parser)
    return parser


Environment = MutableMapping[str, Any]


def keep_lines(parser: MarkdownIt) -> None:
    """A line ends where somebody ended it, and a line of dashes below a text, as in a log, makes no
    heading of it."""
    parser.disable("lheading")
    parser.inline.ruler.at("newline", line_end)
    parser.add_render_rule("softbreak", line_break)
    parser.add_render_rule("hardbreak", line_break)
    parser.add_render_rule("paragraph_open", lines_open)


def line_end(state: StateInline, silent: bool) -> bool:
    """The end of a line; how far the next one is indented stays in its text."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.push("softbreak", "br", 0)
    state.pos += 1
    return True


def line_break(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    return "<br>"


def lines_open(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    """A paragraph whose blanks count; none within the items of a tight list."""
    return "" if tokens[at].hidden else '<p class="lines">'


def hard_breaks(text: str) -> str:
    """What somebody typed as Markdown that keeps its lines wherever it is read."""
    lines, fence = text.split("\n"), ""  # of the code that is open
    for at, line in enumerate(lines):
        found = FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
        elif not fence and line.strip() and "".join(lines[at + 1 : at + 2]).strip():
            lines[at] = f"{line.rstrip()}  "
    return "\n".join(lines)


def heading_open(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    return f'<p class="heading {tokens[at].tag}">'


def heading_close(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    return "</p>"


def by_its_words(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    """Marks and quotation lines stand where the words begin: at the right in Arabic."""
    tokens[at].attrSet("dir", "auto")
    return self.renderToken(tokens, at, options, env)


def image(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    source = str(tokens[at].attrGet("src") or "")
    return f'<a href="{escape(source)}">{escape(tokens[at].content or source)}</a>'


def fence(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    language = (tokens[at].info.split() or [""])[0]
    body = "\n".join(colored_lines(lexer_named(language), tokens[at].content))
    return f'<pre tabindex="0"><code><span class="hl">{body}</span></code></pre>'


def table_open(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    return '<div class="table-wrap" tabindex="0" role="region" aria-label="Table"><table>'


def table_close(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Environment
) -> str:
    return "</table></div>"


def highlight_source(name: str, text: str, prefix: str = "") -> SafeString:
    """A file with numbered lines (anchors L1, L2, …), coloured by its name's ending. Where a page
    has several, each needs a prefix for its anchors."""
    lexer = lexer_for(name) if len(text) <= HIGHLIGHT_LIMIT else TextLexer()
    lines = "".join(
        f'<span class="line" id="{escape(prefix)}L{number}">'
        f'<a class="no" href="#{escape(prefix)}L{number}" tabindex="-1">{number}</a>{line}</span>'
        for number, line in enumerate(colored_lines(lexer, text), 1)
    )
    return mark_safe(f'<pre class="hl"><code>{lines}</code></pre>')  # noqa: S308


def lexer_for(name: str) -> Lexer:
    ending = name.rpartition(".")[2].lower()
    if ending in SAME_GRAMMAR:
        return lexer_named(ending)
    try:
        return get_lexer_for_filename(name, **LEXER_OPTIONS)
    except ClassNotFound:
        return TextLexer(**LEXER_OPTIONS)


def lexer_named(language: str) -> Lexer:
    word = language.lower()
    try:
        return get_lexer_by_name(SAME_GRAMMAR.get(word, word), **LEXER_OPTIONS)
    except ClassNotFound:
        return TextLexer(**LEXER_OPTIONS)


LEXER_OPTIONS: dict[str, Any] = {"stripnl": False, "ensurenl": False}


def colored_lines(lexer: Lexer, text: str) -> Iterator[str]:
    """The lines of a text as escaped HTML, tokens in spans that never cross a line's end."""
    pieces: list[tuple[str, str]] = []  # name of the colour, text
    for kind, value in lexer.get_tokens(text.rstrip("\n")):
        name = STANDARD_TYPES.get(kind, "")
        while not name and kind.parent is not None:
            kind = kind.parent
            name = STANDARD_TYPES.get(kind, "")
        for at, part in enumerate(value.split("\n")):
            if at:
                yield colored_line(pieces)
                pieces.clear()
            if part:
                pieces.append((name, part))
    yield colored_line(pieces)


def colored_line(pieces: list[tuple[str, str]]) -> str:
    """One line as escaped HTML, in one colour where it is longer than anybody writes."""
    if sum(len(text) for _, text in pieces) > LINE_LIMIT:
        return escape("".join(text for _, text in pieces))
    return "".join(
        f'<span class="{name}">{escape(text)}</span>' if name else escape(text)
        for name, text in pieces
    )

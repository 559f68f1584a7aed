"""v1's `content`: Markdown with code and v0's own tags."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from v0client.v1.contents import Element, plain
from v0client.v1.markup import blocks

CODE = Element("Codeblock", {"lang": "tsx", "file": "app/page.tsx"}, ("a\n\n  <B>",))
FENCED = '```tsx file="app/page.tsx"\na\n\n  <B>\n```'
lines = st.sampled_from(
    ["", "word", "<Thinking>", "</Thinking>", "<Odd a={1}>", "</Odd>", "```ts", "```", "<Gone />"]
)


def test_thoughts_and_code_are_set_off_from_the_text() -> None:
    content = f"<Thinking>\nHm.\n\nWell.\n</Thinking>\n\nHere *it* is:\n\n{FENCED}\n\nDone."
    assert blocks(content) == [
        Element("Thinking", {}, ("Hm.\n\nWell.",)),
        "Here *it* is:",
        CODE,
        "Done.",
    ]


def test_code_stands_inside_a_project() -> None:
    content = f"<CodeProject id=\"shop\" taskNameActive='Building'>\n{FENCED}\n</CodeProject>"
    told = {"id": "shop", "taskNameActive": "Building"}
    assert blocks(content) == [Element("CodeProject", told, (CODE,))]


def test_tags_without_content_have_attributes() -> None:
    content = '<MoveFile from="a.ts" to={b} />and on\n<DeleteFile file="c.ts"/>'
    assert blocks(content) == [
        Element("MoveFile", {"from": "a.ts", "to": "b"}),
        "and on",
        Element("DeleteFile", {"file": "c.ts"}),
    ]


def test_a_tag_in_code_or_without_an_end_is_text() -> None:
    assert blocks("Use <Button> here\n<Button>\n\nto ask") == [
        "Use <Button> here\n<Button>\n\nto ask"
    ]
    assert blocks("a</Odd>") == ["a</Odd>"]
    inner = Element("Codeblock", {"lang": ""}, ("</Thinking>",))
    assert blocks("<Thinking>\n```\n</Thinking>\n```\n</Thinking>") == [
        Element("Thinking", {}, (inner,))
    ]


def test_what_is_still_being_written_is_set_off_already() -> None:
    assert blocks("<Thinking>\nHm") == [Element("Thinking", {}, ("Hm",))]
    assert blocks("```ts\nlet a") == [Element("Codeblock", {"lang": "ts"}, ("let a",))]


def test_longer_marks_hold_shorter_ones() -> None:
    assert blocks("````md\n```\na\n```\n````") == [
        Element("Codeblock", {"lang": "md"}, ("```\na\n```",))
    ]


def test_tags_inside_one_another_are_text_where_nobody_can_follow_any_more() -> None:
    outermost, rest = blocks("<Odd>\n" * 3_000 + "word\n" + "</Odd>\n" * 3_000)
    assert isinstance(outermost, Element)
    assert outermost.text.count("<Odd>") == str(rest).count("</Odd>") > 2_000
    assert outermost.text.count("word") == 1


@given(st.lists(lines, max_size=12))
def test_every_word_is_kept_once_whatever_stands_around_it(chosen: list[str]) -> None:
    assert plain(blocks("\n".join(chosen))).count("word") == chosen.count("word")


@given(st.text(st.characters(blacklist_characters="<`~", blacklist_categories=["C", "Z"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert blocks(text) == ([text] if text else [])

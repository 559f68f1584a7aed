"""v1's `experimental_content`: typed nodes and tasks, whatever v0 sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client import samples
from tests.client.backend import Script, answered, ask
from tests.client.simulated import OWNER, simulator
from v0client import V0, open_tasks
from v0client.v1 import task_parts
from v0client.v1.contents import Element, Task, Unknown, facts, node, nodes, plain
from v0client.v1.messages import MessageDetail

FILE = {"fileName": "app/page.tsx", "isDeleted": False, "isActive": True}
PARTS: list[tuple[dict[str, Any], type[Any]]] = [
    ({"type": "thinking-end", "thought": "Hm.", "duration": 1.5}, task_parts.Thought),
    ({"type": "thinking", "thought": "Hm."}, task_parts.Thought),
    ({"type": "starting-web-search", "query": "fonts"}, task_parts.Search),
    ({"type": "grepping-repo", "pattern": "use", "globPattern": "*.ts"}, task_parts.Grep),
    ({"type": "grep-results", "numMatches": 3, "pattern": "use"}, task_parts.Found),
    (
        {"type": "finished-web-search", "answer": "Inter", "citations": [{"url": "https://a"}]},
        task_parts.WebAnswer,
    ),
    ({"type": "repo-search-result", "query": "q", "result": "r"}, task_parts.RepoAnswer),
    ({"type": "starting-fetch-from-web", "url": "https://a"}, task_parts.Fetch),
    ({"type": "screenshot", "url": "https://a", "pageTitle": None}, task_parts.Screenshot),
    ({"type": "reading-file", "filePath": "a.ts", "offset": None}, task_parts.ReadFile),
    ({"type": "select-files", "filePaths": ["a.ts"]}, task_parts.ReadFiles),
    ({"type": "code-project", "changedFiles": [FILE], "source": "x"}, task_parts.CodeProject),
    ({"type": "file-edit", "operation": "create", "path": "a.ts"}, task_parts.FileEdit),
    (
        {"type": "finished-shell-command", "command": "ls", "output": "a", "exitCode": 0},
        task_parts.ShellCommand,
    ),
    (
        {"type": "updated-todo-list", "updatedList": [{"status": "todo", "task": "t"}]},
        task_parts.Todos,
    ),
    ({"type": "generated-technical-plan", "plan": "p"}, task_parts.TechnicalPlan),
    ({"type": "diagnostics-found-issues", "summaries": ["s"]}, task_parts.Issues),
    ({"type": "starting-design-inspiration", "prompt": "p"}, task_parts.Inspiration),
    ({"type": "asking-questions", "questions": []}, task_parts.AskedQuestions),
    ({"type": "exit-plan-mode", "plan": "p", "path": "plan.md"}, task_parts.ProposedPlan),
    (
        {
            "type": "integration-request",
            "requestedIntegrations": ["Neon"],
            "requestedMcpPresets": [],
        },
        task_parts.AskedIntegrations,
    ),
    ({"type": "permission-request", "suggestedPermissions": []}, task_parts.AskedPermissions),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["part", "parts", "type", "stopped"]), inner)
        | st.tuples(st.just("AssistantMessageContentPart"), inner, inner).map(list)
    ),
    max_leaves=20,
)


def task(*parts: Any, **more: Any) -> Any:
    """A task as it stands among the nodes, and as it is read."""
    part = {"type": "task-new-v1", "parts": list(parts), **more}
    return node(["AssistantMessageContentPart", {"part": part}])


def message(**fields: Any) -> MessageDetail:
    return MessageDetail.model_validate(samples.message(chatId="c1", **fields))


def test_formatted_text_is_a_tree_of_elements() -> None:
    found = nodes([[0, ["Oh.", ["p", {}, "See ", ["a", {"href": "/x"}, ["text", {}, "this"]]]]]])
    link = Element("a", {"href": "/x"}, ("this",))
    assert found == ["Oh.", Element("p", {}, ("See ", link))]
    assert plain(found) == "Oh.See this"


def test_sections_beside_the_text_are_facts() -> None:
    content = [[0, ["One"]], [1, {"sources": []}], [0, ["Two"]], [7, "?"]]
    assert nodes(content) == ["One", "Two"]
    assert facts(content) == {"sources": []}


@pytest.mark.parametrize(("part", "kind"), PARTS, ids=[part["type"] for part, _ in PARTS])
def test_what_is_in_a_task_has_a_type(part: dict[str, Any], kind: type[Any]) -> None:
    (found,) = task(part).parts
    assert type(found) is kind
    assert not found.model_extra


def test_other_names_of_the_same_thing_are_read_alike() -> None:
    read, found = task(
        {"type": "reading-file", "filePath": "a.ts"}, {"type": "ls-results", "numFiles": 2}
    ).parts
    assert (read.path, found.count) == ("a.ts", 2)


@pytest.mark.parametrize(
    "part",
    [{"type": "dreaming", "of": "sheep"}, {"type": "starting-web-search", "query": 7}, {}],
)
def test_a_part_that_is_not_known_keeps_all_it_carries(part: dict[str, Any]) -> None:
    (found,) = task(part).parts
    assert type(found) is task_parts.OtherPart
    assert found.model_dump(exclude_unset=True) == part


@pytest.mark.parametrize("part", ["words", None, ["a"], {"type": 5}])
def test_a_part_of_no_known_form_is_kept_as_its_value(part: Any) -> None:
    (found,) = task(part).parts
    assert found.model_extra == {"value": part}


@pytest.mark.parametrize(
    "value",
    [7, None, {"a": 1}, [], ["", {}], ["p"], ["AssistantMessageContentPart", {"part": "none"}]],
)
def test_a_node_that_is_not_known_is_kept(value: Any) -> None:
    assert node(value) == Unknown(value)


def test_what_lies_deeper_than_anybody_can_follow_is_kept_as_it_came() -> None:
    deep: list[Any] = ["p", {}, "inside"]
    for _ in range(600):
        deep = ["p", {}, "outside", deep]
    [found] = nodes([[0, [deep]]])
    assert isinstance(found, Element)
    assert set(found.text.split("outside")) == {""}
    while isinstance(found, Element):
        *_, found = found.children
    assert found == Unknown(found.value)


@given(anything)
def test_no_content_is_an_error(content: Any) -> None:
    for found in nodes([[0, [content]], content]):
        assert isinstance(found, str | Element | Task | Unknown)
        if isinstance(found, Task):
            assert found.title
            assert found.open_task is None


def test_a_task_says_what_it_is_called_and_why_it_stopped() -> None:
    assert task(taskNameActive="Reading", taskNameComplete="Read").title == "Read"
    assert task(taskNameActive="Reading").title == "Reading"
    found = task(
        stopped={"reason": "permissions", "suggestedPermissions": [{"type": "A", "toolName": "t"}]}
    )
    assert found.stopped.reason == "permissions"
    assert isinstance(found.open_task, open_tasks.PermissionRequest)
    assert found.open_task.permissions[0].tool_name == "t"


def test_a_message_is_read_from_its_content_where_there_is_no_other() -> None:
    thought = Element("Thinking", {}, ("Hm.",))
    assert message(content="<Thinking>Hm.</Thinking>\nDone").parts == [thought, "Done"]
    both = message(content="Done", experimental_content=[[0, [["p", {}, "Well done"]]]])
    assert both.parts == [Element("p", {}, ("Well done",))]


def test_reading_the_parts_changes_nothing_of_the_message() -> None:
    fields = {"experimental_content": [[0, ["Hello"]], [1, {}]]}
    read, untouched = message(**fields), message(**fields)
    assert read.parts == ["Hello"]
    assert read.parts is read.parts
    assert read == untouched
    assert read.model_dump(by_alias=True) == untouched.model_dump(by_alias=True)


def answer(waiting: Any) -> Any:
    """The easiest answer to what v0 waits for."""
    match waiting:
        case open_tasks.Questions():
            return waiting.answer({q.id: [q.options[0].label] for q in waiting.questions})
        case open_tasks.Plan():
            return waiting.approve()
        case open_tasks.PermissionRequest():
            return waiting.grant()
    return waiting.confirm()


@pytest.mark.parametrize(
    "prompt", ["ask me first", "plan first", "ask for permission", "connect an integration"]
)
def test_what_v0_waits_for_builds_the_answer_that_it_takes(prompt: str) -> None:
    sim = simulator()
    with V0(OWNER, base_url=sim.base_url, transport=sim.transport()) as client:
        asking = client.v1.chats.create(message=prompt)
        last = asking.messages[-1]
        assert last.finish_reason == "tool-calls"
        done = client.v1.chats.resolve_task(asking.id, task=answer(last.open_task))
    assert done.messages[-1].id != last.id
    assert done.messages[-1].open_task is None
    assert done.latest_version is not None


def test_a_stream_tells_the_same_parts_as_the_message_in_the_end() -> None:
    sim = simulator()
    with V0(OWNER, base_url=sim.base_url, transport=sim.transport()) as client:
        with client.v1.chats.create_stream(message="A pricing page") as events:
            list(events)
            told = events.state
        chat = client.v1.chats.get_by_id(told.chat["id"])
    assert told.parts == chat.messages[-1].parts
    assert any(isinstance(part, Task) for part in told.parts)


def test_a_list_of_messages_is_not_read_before_somebody_looks() -> None:
    odd = [[0, [["AssistantMessageContentPart", {"part": {"type": 5}}]]]]
    body = samples.chat_detail(messages=[samples.message(experimental_content=odd)])
    found = ask("blocking", Script(answered(body)), lambda client: client.v1.chats.get_by_id("c1"))
    assert "parts" not in vars(found.messages[0])
    assert found.messages[0].parts == [Unknown(odd[0][1][0])]

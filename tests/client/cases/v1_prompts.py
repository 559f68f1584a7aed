"""Cases of what makes v1 write."""

from __future__ import annotations

from tests.client import samples
from tests.client.cases.case import Case
from v0client import NULL
from v0client.v1 import chats, events

PROMPT = {"message": "A page"}
STREAMED = {**PROMPT, "responseMode": "experimental_stream"}
PERMISSION = {
    "type": "ALLOW_DYNAMIC_TOOL_STRICT",
    "toolName": "bash",
    "input": {"work_dir": "/"},
}

CASES = [
    Case(
        "v1.chats.create",
        lambda client: client.v1.chats.create(
            message="A page",
            attachments=[{"url": "https://example.com/a.png"}],
            system="Use React",
            chat_privacy="team",
            project_id="p1",
            model_configuration={"model_id": "v0-max", "image_generations": True},
            response_mode="async",
            design_system_id=NULL,
            mcp_server_ids=["m1"],
            skills=[{"type": "memory", "scope": "team", "skill_name": "brand"}],
            metadata={"ticket_id": "7"},
        ),
        "POST /v1/chats",
        samples.chat_detail(),
        chats.ChatDetail,
        body={
            "message": "A page",
            "attachments": [{"url": "https://example.com/a.png"}],
            "system": "Use React",
            "chatPrivacy": "team",
            "projectId": "p1",
            "modelConfiguration": {"modelId": "v0-max", "imageGenerations": True},
            "responseMode": "async",
            "designSystemId": None,
            "mcpServerIds": ["m1"],
            "skills": [{"type": "memory", "scope": "team", "skillName": "brand"}],
            "metadata": {"ticket_id": "7"},
        },
    ),
    Case(
        "v1.chats.create_stream",
        lambda client: client.v1.chats.create_stream(message="A page"),
        "POST /v1/chats",
        samples.chat_detail(),
        [events.StreamEvent],
        body=STREAMED,
    ),
    Case(
        "v1.chats.send_message",
        lambda client: client.v1.chats.send_message(
            "c1", message="A page", action={"type": "fix-with-v0"}
        ),
        "POST /v1/chats/c1/messages",
        samples.chat_detail(),
        chats.ChatDetail,
        body={**PROMPT, "action": {"type": "fix-with-v0"}},
    ),
    Case(
        "v1.chats.send_message_stream",
        lambda client: client.v1.chats.send_message_stream("c1", message="A page"),
        "POST /v1/chats/c1/messages",
        samples.chat_detail(),
        [events.StreamEvent],
        body=STREAMED,
    ),
    Case(
        "v1.chats.resolve_task",
        lambda client: client.v1.chats.resolve_task(
            "c1",
            task={
                "type": "confirmed-permissions",
                "permissions": [PERMISSION],
            },
        ),
        "POST /v1/chats/c1/tasks/resolve",
        samples.chat_detail(),
        chats.ChatDetail,
        body={
            "task": {
                "type": "confirmed-permissions",
                "permissions": [PERMISSION],
            }
        },
    ),
    Case(
        "v1.chats.resolve_task_stream",
        lambda client: client.v1.chats.resolve_task_stream(
            "c1",
            task={
                "type": "answered-questions",
                "answers": [
                    {"question_id": "q", "question_text": "Which?", "selected_labels": ["Blue"]}
                ],
            },
        ),
        "POST /v1/chats/c1/tasks/resolve",
        samples.chat_detail(),
        [events.StreamEvent],
        body={
            "task": {
                "type": "answered-questions",
                "answers": [
                    {"questionId": "q", "questionText": "Which?", "selectedLabels": ["Blue"]}
                ],
            },
            "responseMode": "experimental_stream",
        },
    ),
]

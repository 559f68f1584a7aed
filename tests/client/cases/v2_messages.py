"""Cases of `client.v2.messages`."""

from __future__ import annotations

from tests.client import v2_samples as samples
from tests.client.cases.case import Case
from v0client.v2 import events, messages

MESSAGE = samples.event("message", **samples.message())
PROMPT = {"message": "Bluer"}
STEPS = {
    "type": "confirmed-steps",
    "connectedIntegrationNames": ["Neon"],
    "connectedMcpPresetNames": ["Linear"],
    "appliedScripts": ["seed"],
    "addedEnvVars": ["API_KEY"],
}
ANSWERS = {
    "type": "answered-questions",
    "answers": [
        {
            "questionId": "q1",
            "questionText": "Which?",
            "selectedLabels": ["Blue"],
            "customText": "Dark",
        }
    ],
}
PERMISSIONS = {
    "type": "confirmed-permissions",
    "permissions": [
        {
            "type": "ALLOW_DYNAMIC_TOOL_STRICT",
            "toolName": "run",
            "input": {"work_dir": "/"},
            "taskNameActive": None,
        }
    ],
    "userMessage": "Fine",
}

READING = [
    Case(
        "v2.messages.list",
        lambda client: client.v2.messages.list("c1", limit=100, cursor="YQ=="),
        "GET /v2/chats/c1/messages",
        {"messages": [samples.message()], "cursor": None},
        [messages.Message],
        {"limit": "100", "cursor": "YQ=="},
    ),
    Case(
        "v2.messages.get",
        lambda client: client.v2.messages.get("c1", "m1"),
        "GET /v2/chats/c1/messages/m1",
        samples.message(finishReason=None, attachments=[{"url": "https://example.com/a.png"}]),
        messages.Message,
    ),
    Case(
        "v2.messages.stop",
        lambda client: client.v2.messages.stop("c1", "m1"),
        "POST /v2/chats/c1/messages/m1/stop",
        {"messageId": "m1"},
        messages.QueuedMessage,
    ),
]

WRITING = [
    Case(
        "v2.messages.send",
        lambda client: client.v2.messages.send(
            "c1",
            message="Bluer",
            system_prompt="Use React",
            model_configuration={"model_id": "v0-mini", "image_generations": False},
            attachments=[{"url": "data:,a"}],
            mcp_server_ids=[],
            skills=[{"type": "remote", "id": "k1"}],
        ),
        "POST /v2/chats/c1/messages",
        samples.message(),
        messages.Message,
        body={
            "message": "Bluer",
            "systemPrompt": "Use React",
            "modelConfiguration": {"modelId": "v0-mini", "imageGenerations": False},
            "attachments": [{"url": "data:,a"}],
            "mcpServerIds": [],
            "skills": [{"type": "remote", "id": "k1"}],
        },
    ),
    Case(
        "v2.messages.send_stream",
        lambda client: client.v2.messages.send_stream("c1", message="Bluer"),
        "POST /v2/chats/c1/messages/stream",
        MESSAGE,
        [events.MessageEvent],
        body=PROMPT,
    ),
    Case(
        "v2.messages.send_async",
        lambda client: client.v2.messages.send_async("c1", message="Bluer"),
        "POST /v2/chats/c1/messages/async",
        {"messageId": "m2"},
        messages.QueuedMessage,
        body=PROMPT,
    ),
    Case(
        "v2.messages.resolve",
        lambda client: client.v2.messages.resolve(
            "c1",
            task={
                "type": "confirmed-steps",
                "connected_integration_names": ["Neon"],
                "connected_mcp_preset_names": ["Linear"],
                "applied_scripts": ["seed"],
                "added_env_vars": ["API_KEY"],
            },
            model_configuration={"model_id": "v0-max"},
        ),
        "POST /v2/chats/c1/messages/resolve",
        samples.message(),
        messages.Message,
        body={"task": STEPS, "modelConfiguration": {"modelId": "v0-max"}},
    ),
    Case(
        "v2.messages.resolve_stream",
        lambda client: client.v2.messages.resolve_stream(
            "c1",
            task={
                "type": "answered-questions",
                "answers": [
                    {
                        "question_id": "q1",
                        "question_text": "Which?",
                        "selected_labels": ["Blue"],
                        "custom_text": "Dark",
                    }
                ],
            },
        ),
        "POST /v2/chats/c1/messages/resolve/stream",
        MESSAGE,
        [events.MessageEvent],
        body={"task": ANSWERS},
    ),
    Case(
        "v2.messages.resolve_async",
        lambda client: client.v2.messages.resolve_async(
            "c1",
            task={
                "type": "confirmed-permissions",
                "permissions": PERMISSIONS["permissions"],
                "user_message": "Fine",
            },
        ),
        "POST /v2/chats/c1/messages/resolve/async",
        {"messageId": "m2"},
        messages.QueuedMessage,
        body={"task": PERMISSIONS},
    ),
]

CASES = [*READING, *WRITING]

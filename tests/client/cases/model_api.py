"""Cases of `client.model`."""

from __future__ import annotations

from tests.client.cases.case import Case
from v0client.model_api import answers, chunks

USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
SAID = {"role": "assistant", "content": "Done", "refusal": None, "annotations": []}
HEAD = {"id": "chatcmpl-1", "created": 1_781_524_800, "model": "v0-1.5-md"}
COMPLETION = {
    **HEAD,
    "object": "chat.completion",
    "choices": [{"index": 0, "message": SAID, "logprobs": None, "finish_reason": "stop"}],
    "usage": USAGE,
}
CHUNK = {
    **HEAD,
    "object": "chat.completion.chunk",
    "choices": [{"index": 0, "delta": {"content": "Done"}, "finish_reason": "stop"}],
}
MESSAGES = [{"role": "user", "content": "A page"}]
REQUEST = "POST /v1/chat/completions"
ASKED = {"model": "v0-1.5-md", "messages": MESSAGES}
OPTIONS = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "find_page",
                "description": "Finds a page",
                "parameters": {"type": "object", "properties": {"page_id": {"type": "string"}}},
                "strict": True,
            },
        }
    ],
    "tool_choice": {"type": "function", "function": {"name": "find_page"}},
    "parallel_tool_calls": False,
    "max_tokens": 100,
    "max_completion_tokens": 90,
    "stop": ["###"],
    "response_format": {"type": "json_schema", "json_schema": {"name": "page", "schema": {}}},
    "temperature": 0,
    "top_p": 0.5,
    "frequency_penalty": -1,
    "presence_penalty": 1,
    "seed": 7,
    "user": "somebody",
}

CASES = [
    Case(
        "model.chat.completions.create",
        lambda client: client.model.chat.completions.create(
            model="v0-1.5-md", messages=MESSAGES, **OPTIONS
        ),
        REQUEST,
        COMPLETION,
        answers.ChatCompletion,
        body={**ASKED, **OPTIONS},
    ),
    Case(
        "model.chat.completions.create_stream",
        lambda client: client.model.chat.completions.create_stream(
            model="v0-1.5-md", messages=MESSAGES, include_usage=True, temperature=None
        ),
        REQUEST,
        CHUNK,
        [chunks.ChatCompletionChunk],
        body={**ASKED, "stream": True, "stream_options": {"include_usage": True}},
    ),
]

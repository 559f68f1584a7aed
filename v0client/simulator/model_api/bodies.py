"""What the Model API accepts: OpenAI's request, as far as text, images and tools need it, with its
limits. What is wrong with a body is told as OpenAI tells it: 400 with `param` and `code`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from v0client.simulator.exchange import Call, Refusal
from v0client.simulator.model_api.images import checked

LARGEST_BODY = 4_500_000


class Body(BaseModel):
    """The rules of every part of a body."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ImageAddress(Body):
    url: Annotated[str, AfterValidator(checked)]
    detail: Literal["auto", "low", "high"] = "auto"


class Part(Body):
    """A text or an image; `type` names the field that it is in."""

    type: Literal["text", "image_url"]
    text: str | None = None
    image_url: ImageAddress | None = None

    @model_validator(mode="after")
    def holds_what_it_names(self) -> Self:
        if getattr(self, self.type) is None:
            raise ValueError(f"a part of type {self.type} needs the field {self.type}")
        return self


class CalledFunction(Body):
    name: str
    arguments: str


class ToolCall(Body):
    id: str
    type: Literal["function"]
    function: CalledFunction


def as_parts(content: Any) -> Any:
    """A text is short for one part."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [] if content is None else content


def as_list(texts: Any) -> Any:
    """A text is short for a list of one."""
    return [texts] if isinstance(texts, str) else texts


class Message(Body):
    """One message; `content` is a list of parts, however it was sent."""

    role: Literal["developer", "system", "user", "assistant", "tool"]
    content: Annotated[list[Part], BeforeValidator(as_parts)] = []
    name: str | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.content if part.text is not None)

    @property
    def images(self) -> list[str]:
        return [part.image_url.url for part in self.content if part.image_url is not None]

    @model_validator(mode="after")
    def fits_its_role(self) -> Self:
        if self.role == "tool" and self.tool_call_id is None:
            raise ValueError("a message of role tool needs the field tool_call_id")
        if self.role != "assistant" and (self.tool_calls or self.refusal):
            raise ValueError("only messages of role assistant have tool_calls or a refusal")
        if self.role != "user" and self.images:
            raise ValueError("only messages of role user have images")
        if self.role in ("developer", "system", "user") and not self.content:
            raise ValueError(f"a message of role {self.role} needs content")
        return self


class Function(Body):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Body):
    type: Literal["function"]
    function: Function


class FunctionName(Body):
    name: str


class NamedTool(Body):
    type: Literal["function"]
    function: FunctionName


class JsonSchema(Body):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    strict: bool | None = None


class ResponseFormat(Body):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class StreamOptions(Body):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


Count = Annotated[int, Field(ge=1)] | None
Penalty = Annotated[float, Field(ge=-2, le=2)] | None


class Completion(Body):
    """The whole body. What cannot change a written answer (`seed`, `user`, …) is only checked."""

    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    tools: Annotated[list[Tool], Field(min_length=1, max_length=128)] | None = None
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool | None = None
    max_tokens: Count = None
    max_completion_tokens: Count = None
    stop: Annotated[list[str], BeforeValidator(as_list), Field(max_length=4)] | None = None
    response_format: ResponseFormat | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    frequency_penalty: Penalty = None
    presence_penalty: Penalty = None
    n: Literal[1] | None = None
    seed: int | None = None
    user: str | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    logit_bias: dict[str, float] | None = None
    reasoning_effort: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None

    def functions(self) -> list[Function]:
        return [tool.function for tool in self.tools or ()]

    def limit(self) -> int | None:
        """The most tokens that may be written."""
        return self.max_completion_tokens or self.max_tokens


def read(call: Call) -> Completion:
    """The body of this call, else 413 or 400."""
    if len(call.request.body) > LARGEST_BODY:
        raise Refusal(413, "Request body is too large")
    try:
        body = Completion.model_validate_json(call.request.body or b"")
    except ValidationError as error:
        raise explain(error) from None
    check_options(body)
    check_order(body.messages)
    return body


def explain(error: ValidationError) -> Refusal:
    """The first complaint, with the field it is about."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    kind, said = first["type"], first["msg"].removeprefix("Value error, ")
    if kind == "json_invalid":
        return Refusal(400, "The body of the request is not JSON")
    param = path(first["loc"])
    if kind == "missing":
        code, message = "missing_required_parameter", f"Missing required parameter: '{param}'"
    elif kind == "extra_forbidden":
        code, message = "unknown_parameter", f"Unknown parameter: '{param}'"
    else:
        named = kind if kind.startswith("invalid_") else "invalid_value"
        code = "invalid_type" if kind.endswith("_type") else named
        message = f"Invalid value for '{param}': {said}"
    return Refusal(400, message, param=param, code=code)


def path(location: tuple[int | str, ...]) -> str:
    """Such as messages[0].content; what pydantic calls the types of a union are no fields."""
    written = ""
    for step in location:
        if isinstance(step, int):
            written += f"[{step}]"
        elif step == "NamedTool" or step.startswith("literal["):
            break
        else:
            written += f".{step}"
    return written.removeprefix(".")


def refused(param: str, message: str, code: str = "invalid_value") -> Refusal:
    return Refusal(400, message, param=param, code=code)


def check_options(body: Completion) -> None:
    """400 for options that go together with others that are missing."""
    if body.stream_options and not body.stream:
        raise refused("stream_options", "'stream_options' is only allowed when 'stream' is enabled")
    if body.tool_choice is not None and not body.tools:
        raise refused("tool_choice", "'tool_choice' is only allowed when 'tools' are specified")
    names = [function.name for function in body.functions()]
    if isinstance(body.tool_choice, NamedTool) and body.tool_choice.function.name not in names:
        raise refused("tool_choice", "'tool_choice' names a function that is not among 'tools'")
    for place, function in enumerate(body.functions()):
        if (function.parameters or {}).get("type", "object") != "object":
            param = f"tools[{place}].function.parameters"
            raise refused(
                param, f"Invalid schema for function '{function.name}': not of type object"
            )
    wanted = body.response_format
    if wanted and wanted.type == "json_schema" and wanted.json_schema is None:
        param = "response_format.json_schema"
        message = f"Missing required parameter: '{param}'"
        raise refused(param, message, "missing_required_parameter")


def check_order(messages: list[Message]) -> None:
    """400 unless every tool call is followed by its answer, and every answer follows its call."""
    open_calls: set[str] = set()
    for place, message in enumerate(messages):
        param = f"messages[{place}]"
        if message.role == "tool":
            if message.tool_call_id not in open_calls:
                raise refused(param, "A message of role tool must follow the tool call it answers")
            open_calls.discard(message.tool_call_id)
            continue
        if open_calls:
            raise unanswered(param, open_calls)
        open_calls = {call.id for call in message.tool_calls or ()}
    if open_calls:
        raise unanswered("messages", open_calls)


def unanswered(param: str, calls: set[str]) -> Refusal:
    return refused(param, f"No message answers these tool calls: {', '.join(sorted(calls))}")

// The Model API through OpenAI's own package.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";

const { V0_BASE_URL, V0_API_KEY } = process.env;
const settings = { baseURL: `${V0_BASE_URL}/v1`, apiKey: V0_API_KEY, maxRetries: 0 };
const client = new OpenAI(settings);
const { completions } = client.chat;
const model = "v0-1.5-md";
const shop = { role: "user", content: "Build a coffee shop" };
const weather = { role: "user", content: "How is the weather in Oslo for 3 days?" };
const image = "data:image/png;base64," + Buffer.from("89504e470d0a1a0a", "hex").toString("base64");
const parameters = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city", "days"],
  additionalProperties: false,
};
const tools = [{ type: "function", function: { name: "get_weather", parameters, strict: true } }];

async function fault(rule) {
  const body = JSON.stringify({ path: "/v1/chat/completions", ...rule });
  assert.ok((await fetch(`${V0_BASE_URL}/_sim/faults`, { method: "POST", body })).ok);
}

test("a completion has content, usage and a reason for its end", async () => {
  const { data, request_id } = await completions
    .create({ model, messages: [{ role: "system", content: "Be kind" }, shop] })
    .withResponse();
  const [choice] = data.choices;
  assert.match(choice.message.content, /Be kind[^]*coffee shop[^]*```tsx/i);
  assert.equal(choice.message.role, "assistant");
  assert.equal(choice.finish_reason, "stop");
  assert.equal(data.model, model);
  assert.ok(Number.isInteger(data.created));
  const { prompt_tokens, completion_tokens, total_tokens } = data.usage;
  assert.ok(prompt_tokens > 0 && completion_tokens > 50);
  assert.equal(prompt_tokens + completion_tokens, total_tokens);
  assert.match(request_id, /^req_/);
  assert.equal(data._request_id, request_id);
});

test("a stream says what the whole answer says", async () => {
  const whole = await completions.create({ model, messages: [shop] });
  const stream = await completions.create({
    model,
    messages: [shop],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage = null;
  const reasons = [];
  for await (const chunk of stream) {
    assert.equal(chunk.object, "chat.completion.chunk");
    text += chunk.choices[0]?.delta.content ?? "";
    if (chunk.choices[0]?.finish_reason) reasons.push(chunk.choices[0].finish_reason);
    usage ??= chunk.usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(reasons, ["stop"]);
  assert.deepEqual(usage, whole.usage);
});

test("the stream helper adds a text up", async () => {
  const whole = await completions.create({ model, messages: [shop] });
  const stream = completions.stream({ model, messages: [shop] });
  const seen = [];
  stream.on("content", (delta, soFar) => seen.push([delta, soFar]));
  assert.equal(await stream.finalContent(), whole.choices[0].message.content);
  assert.ok(seen.length > 10);
  assert.equal(seen.map(([delta]) => delta).join(""), seen.at(-1)[1]);
  assert.equal((await stream.finalChatCompletion()).choices[0].finish_reason, "stop");
});

test("a stream can be left early", async () => {
  const stream = await completions.create({ model, messages: [shop], stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }
  assert.ok(stream.controller.signal.aborted);
  const helper = completions.stream({ model, messages: [shop] });
  helper.on("chunk", () => helper.abort());
  await assert.rejects(helper.done(), OpenAI.APIUserAbortError);
});

test("a tool is called with arguments of its schema", async () => {
  const { choices } = await completions.create({ model, messages: [weather], tools });
  const [{ message, finish_reason }] = choices;
  assert.equal(finish_reason, "tool_calls");
  assert.equal(message.content, null);
  const [call] = message.tool_calls;
  assert.deepEqual([call.type, call.function.name], ["function", "get_weather"]);
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "Oslo", days: 3 });
  const answer = { role: "tool", tool_call_id: call.id, content: "Rain" };
  const after = await completions.create({ model, messages: [weather, message, answer], tools });
  assert.match(after.choices[0].message.content, /get_weather[^]*Rain/);
});

test("whether a tool is called can be chosen", async () => {
  const chosen = async (tool_choice, message) => {
    const answer = await completions.create({ model, messages: [message], tools, tool_choice });
    return (answer.choices[0].message.tool_calls ?? []).map((call) => call.function.name);
  };
  assert.deepEqual(await chosen("auto", shop), []);
  assert.deepEqual(await chosen("none", weather), []);
  assert.deepEqual(await chosen("required", shop), ["get_weather"]);
  const named = { type: "function", function: { name: "get_weather" } };
  assert.deepEqual(await chosen(named, shop), ["get_weather"]);
});

test("the stream helper adds tool calls up", async () => {
  const stream = completions.stream({ model, messages: [weather], tools });
  const { message, finish_reason } = (await stream.finalChatCompletion()).choices[0];
  assert.equal(finish_reason, "tool_calls");
  assert.deepEqual(message.tool_calls[0].function.parsed_arguments, { city: "Oslo", days: 3 });
});

for (const stream of [false, true]) {
  test(`the tool runner goes on until the answer (stream: ${stream})`, async () => {
    const asked = [];
    const parse = JSON.parse;
    const run = ({ city, days }) => `${asked.push(city)} answer: ${days} days of rain`;
    const runner = completions.runTools({
      model,
      stream,
      messages: [weather],
      tools: [
        {
          type: "function",
          function: { name: "get_weather", parameters, parse, function: run },
        },
      ],
    });
    assert.match(await runner.finalContent(), /1 answer: 3 days of rain/);
    assert.deepEqual(asked, ["Oslo"]);
    const usage = await runner.totalUsage();
    if (!stream) assert.ok(usage.total_tokens > 0);
  });
}

test("an answer of a schema is parsed", async () => {
  const schema = { ...parameters, properties: { city: { type: "string" } }, required: ["city"] };
  const json_schema = { name: "place", schema, strict: true };
  const response_format = { type: "json_schema", json_schema };
  const parsed = await completions.parse({ model, messages: [weather], response_format });
  assert.deepEqual(parsed.choices[0].message.parsed, { city: "Oslo" });
});

test("images are looked at, inline and by their address", async () => {
  const content = [
    { type: "text", text: "Build this" },
    { type: "image_url", image_url: { url: image, detail: "low" } },
    { type: "image_url", image_url: { url: "https://example.com/a.png" } },
  ];
  const { choices, usage } = await completions.create({
    model,
    messages: [{ role: "user", content }],
  });
  assert.match(choices[0].message.content, /image\/png of 8 bytes/);
  assert.match(choices[0].message.content, /https:\/\/example\.com\/a\.png/);
  assert.ok(usage.prompt_tokens > 85);
});

test("a limit and a stop text end an answer", async () => {
  const short = await completions.create({ model, messages: [shop], max_completion_tokens: 5 });
  assert.equal(short.choices[0].finish_reason, "length");
  assert.equal(short.usage.completion_tokens, 5);
  const stopped = await completions.create({ model, messages: [shop], stop: "```" });
  assert.doesNotMatch(stopped.choices[0].message.content, /```/);
  const parsing = completions.parse({
    model,
    messages: [shop],
    max_tokens: 5,
    response_format: { type: "json_object" },
  });
  await assert.rejects(parsing, { name: "Error", message: /length limit/ });
});

test("errors have the classes of their statuses", async () => {
  const ask = (given, options) =>
    completions.create({ model, messages: [shop], ...given }, options);
  await assert.rejects(ask({ temperature: 9 }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.deepEqual([error.status, error.param], [400, "temperature"]);
    assert.equal(error.type, "invalid_request_error");
    assert.match(error.requestID, /^req_/);
    return true;
  });
  await assert.rejects(ask({ model: "gpt-4o" }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    return true;
  });
  await assert.rejects(ask({ stream: true, n: 2 }), OpenAI.BadRequestError);
  const stranger = new OpenAI({ ...settings, apiKey: "wrong" });
  await assert.rejects(stranger.chat.completions.create({ model, messages: [shop] }), (error) => {
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.code, "invalid_api_key");
    return true;
  });
  const member = new OpenAI({ ...settings, apiKey: "v0-demo-member" });
  const asking = member.chat.completions.create({ model, messages: [shop] });
  await assert.rejects(asking, OpenAI.PermissionDeniedError);
  for (const [status, kind] of [
    [409, OpenAI.ConflictError],
    [422, OpenAI.UnprocessableEntityError],
    [429, OpenAI.RateLimitError],
    [500, OpenAI.InternalServerError],
  ]) {
    await fault({ status });
    await assert.rejects(ask({}), (error) => error instanceof kind && error.status === status);
  }
});

test("what the package offers besides is about stored completions, which v0 has not", async () => {
  const offered = Object.getOwnPropertyNames(Object.getPrototypeOf(completions));
  const used = ["constructor", "create", "parse", "runTools", "stream"];
  const others = offered.filter((name) => !used.includes(name));
  assert.deepEqual(others.sort(), ["delete", "list", "retrieve", "update"]);
  const absent = OpenAI.NotFoundError;
  await assert.rejects(completions.retrieve("chatcmpl-1"), absent);
  await assert.rejects(completions.update("chatcmpl-1", { metadata: {} }), absent);
  await assert.rejects(completions.delete("chatcmpl-1"), absent);
  await assert.rejects(completions.messages.list("chatcmpl-1"), absent);
  await assert.rejects(completions.list(), { status: 405 });
});

test("what is refused for a moment is asked again", async () => {
  await fault({ status: 429, headers: { "retry-after-ms": "1" }, times: 2 });
  const answer = await completions.create({ model, messages: [shop] }, { maxRetries: 2 });
  assert.equal(answer.choices[0].finish_reason, "stop");
});

test("a stream that breaks off is an error", async () => {
  await fault({ cut_after: 600 });
  const stream = await completions.create({ model, messages: [shop], stream: true });
  await assert.rejects(async () => {
    for await (const chunk of stream) assert.ok(chunk.id);
  });
});

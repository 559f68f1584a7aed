// The Model API through Vercel's AI SDK and its provider for v0.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVercel } from "@ai-sdk/vercel";
import {
  APICallError,
  generateObject,
  generateText,
  jsonSchema,
  NoSuchModelError,
  Output,
  RetryError,
  stepCountIs,
  streamText,
  tool,
} from "ai";

globalThis.AI_SDK_LOG_WARNINGS = false;
const { V0_BASE_URL, V0_API_KEY } = process.env;
const settings = { baseURL: `${V0_BASE_URL}/v1`, apiKey: V0_API_KEY };
const vercel = createVercel(settings);
const model = vercel("v0-1.5-md");
const prompt = "Build a coffee shop";
const question = "How is the weather in Oslo for 3 days?";
const asked = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const png = Uint8Array.from(Buffer.from("89504e470d0a1a0a", "hex"));

function forecast(cities) {
  return tool({
    description: "The weather of a city",
    inputSchema: jsonSchema(asked),
    execute: async ({ city }) => ({ city: cities.push(city) && city, sky: "rain" }),
  });
}

async function fault(rule) {
  const body = JSON.stringify({ path: "/v1/chat/completions", ...rule });
  assert.ok((await fetch(`${V0_BASE_URL}/_sim/faults`, { method: "POST", body })).ok);
}

test("the provider offers language models and nothing else", () => {
  assert.equal(vercel.languageModel("v0-1.5-lg").modelId, "v0-1.5-lg");
  assert.equal(model.provider, "vercel.chat");
  for (const kind of ["embeddingModel", "textEmbeddingModel", "imageModel"]) {
    assert.throws(() => vercel[kind]("v0-1.5-md"), NoSuchModelError.isInstance);
  }
});

test("generateText has text, usage, a reason and what the answer came with", async () => {
  const given = { temperature: 0.2, topP: 0.9, presencePenalty: 1, frequencyPenalty: 1, seed: 7 };
  const result = await generateText({ model, system: "Be kind", prompt, ...given });
  assert.match(result.text, /Be kind[^]*coffee shop[^]*```tsx/i);
  assert.equal(result.finishReason, "stop");
  const { inputTokens, outputTokens, totalTokens } = result.usage;
  assert.ok(inputTokens > 0 && outputTokens > 50);
  assert.equal(inputTokens + outputTokens, totalTokens);
  assert.deepEqual(result.warnings, []);
  assert.equal(result.response.modelId, "v0-1.5-md");
  assert.match(result.response.id, /^chatcmpl-/);
  assert.ok(result.response.timestamp instanceof Date);
  assert.match(result.response.headers["x-request-id"], /^req_/);
});

test("streamText says what generateText says, and why it ended", async () => {
  const whole = await generateText({ model, prompt });
  const result = streamText({ model, prompt });
  const pieces = [];
  for await (const piece of result.textStream) pieces.push(piece);
  assert.ok(pieces.length > 10);
  assert.equal(pieces.join(""), whole.text);
  assert.equal(await result.finishReason, "stop");
});

test("streamText knows the usage where the request asks for it", async () => {
  const counting = createVercel({
    ...settings,
    fetch: (url, request) => {
      const body = { ...JSON.parse(request.body), stream_options: { include_usage: true } };
      return fetch(url, { ...request, body: JSON.stringify(body) });
    },
  });
  const result = streamText({ model: counting("v0-1.5-md"), prompt });
  await result.consumeStream();
  assert.deepEqual(
    (await result.usage).totalTokens,
    (await generateText({ model, prompt })).usage.totalTokens,
  );
});

test("generateText calls tools in steps until the answer", async () => {
  const cities = [];
  const tools = { get_weather: forecast(cities) };
  const stopWhen = stepCountIs(3);
  const result = await generateText({ model, prompt: question, tools, stopWhen });
  assert.deepEqual(cities, ["Oslo"]);
  assert.equal(result.steps.length, 2);
  assert.deepEqual(
    result.steps.map((step) => step.finishReason),
    ["tool-calls", "stop"],
  );
  const [call] = result.steps[0].toolCalls;
  assert.deepEqual([call.toolName, call.input], ["get_weather", { city: "Oslo" }]);
  assert.match(result.text, /get_weather[^]*"sky":"rain"/);
  const sum = result.steps.reduce((count, step) => count + step.usage.totalTokens, 0);
  assert.equal(result.totalUsage.totalTokens, sum);
});

test("streamText calls tools in steps until the answer", async () => {
  const cities = [];
  const tools = { get_weather: forecast(cities) };
  const stopWhen = stepCountIs(3);
  const result = streamText({ model, prompt: question, tools, stopWhen });
  const kinds = [];
  for await (const part of result.fullStream) kinds.push(part.type);
  for (const kind of ["tool-input-start", "tool-input-delta", "tool-call", "tool-result"]) {
    assert.ok(kinds.includes(kind), kind);
  }
  assert.deepEqual(cities, ["Oslo"]);
  assert.match(await result.text, /"sky":"rain"/);
  assert.equal((await result.steps).length, 2);
});

test("whether a tool is called can be chosen", async () => {
  const called = async (toolChoice, prompt) => {
    const tools = { get_weather: forecast([]) };
    const result = await generateText({ model, prompt, tools, toolChoice });
    return result.toolCalls.map((call) => call.toolName);
  };
  assert.deepEqual(await called("auto", prompt), []);
  assert.deepEqual(await called("none", question), []);
  assert.deepEqual(await called("required", prompt), ["get_weather"]);
  assert.deepEqual(await called({ type: "tool", toolName: "get_weather" }, prompt), ["get_weather"]);
});

test("images are looked at", async () => {
  const content = [
    { type: "text", text: "Build this" },
    { type: "image", image: png, mediaType: "image/png" },
  ];
  const { text } = await generateText({ model, messages: [{ role: "user", content }] });
  assert.match(text, /image\/png of 8 bytes/);
});

test("a conversation goes on", async () => {
  const first = await generateText({ model, prompt });
  const messages = [
    { role: "user", content: prompt },
    ...first.response.messages,
    { role: "user", content: "Add a pricing table" },
  ];
  const { text } = await generateText({ model, messages });
  assert.match(text, /<Pricing \/>/);
});

test("an answer can be JSON", async () => {
  const { output } = await generateText({ model, prompt, output: Output.json() });
  assert.match(output.answer, /coffee shop/i);
  const { object } = await generateObject({ model, prompt, output: "no-schema" });
  assert.deepEqual(object, output);
});

test("a limit and a stop text end an answer", async () => {
  const short = await generateText({ model, prompt, maxOutputTokens: 5 });
  assert.equal(short.finishReason, "length");
  assert.equal(short.usage.outputTokens, 5);
  const stopped = await generateText({ model, prompt, stopSequences: ["```"] });
  assert.doesNotMatch(stopped.text, /```/);
});

test("an answer can be aborted before it begins and while it is written", async () => {
  const done = AbortSignal.abort();
  await assert.rejects(generateText({ model, prompt, abortSignal: done }), { name: "AbortError" });
  const abort = new AbortController();
  const result = streamText({ model, prompt, abortSignal: abort.signal });
  const kinds = [];
  for await (const part of result.fullStream) {
    kinds.push(part.type);
    if (part.type === "text-delta") abort.abort();
  }
  assert.equal(kinds.at(-1), "abort");
  assert.ok(!kinds.includes("finish"));
});

test("errors keep their status and v0's words", async () => {
  const ask = (given) => generateText({ model, prompt, maxRetries: 0, ...given });
  const refused = (status, words) => (error) => {
    assert.ok(APICallError.isInstance(error), String(error));
    assert.equal(error.statusCode, status);
    assert.match(error.message, words);
    return true;
  };
  await assert.rejects(ask({ temperature: 9 }), refused(400, /temperature/));
  await assert.rejects(ask({ model: vercel("gpt-4o") }), refused(404, /gpt-4o/));
  const stranger = createVercel({ ...settings, apiKey: "wrong" });
  await assert.rejects(ask({ model: stranger("v0-1.5-md") }), refused(401, /API key/));
  for (const status of [422, 429, 500]) {
    await fault({ status });
    await assert.rejects(ask({}), refused(status, /fault/));
  }
  await fault({ status: 429, headers: { "retry-after-ms": "1" }, times: 2 });
  await assert.rejects(ask({ maxRetries: 1 }), RetryError);
  await fault({ status: 503, headers: { "retry-after-ms": "1" } });
  assert.equal((await ask({ maxRetries: 1 })).finishReason, "stop");
});

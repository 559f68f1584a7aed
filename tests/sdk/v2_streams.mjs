// Streams of v2 through v0's SDK, read to their final state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readV0Stream, V0StreamError } from "v0";
import { as, control, messagesOf, newChat, told, v0, wire } from "./v2_client.mjs";

// The SDK would ask again, and again, where a stream cannot begin.
const ONCE = { sseMaxRetryAttempts: 1 };

// The final state, after states that each begin where the one before ended.
async function read(result) {
  const updates = [];
  for await (const update of result.stream) updates.push(update);
  assert.ok(updates.length > 10);
  assert.ok(updates.every(({ status }) => status === "streaming"));
  const sizes = updates.map(({ parts }) => parts.length);
  assert.deepEqual(sizes, [...sizes].sort((a, b) => a - b));
  const final = await result.final;
  assert.deepEqual({ ...updates.at(-1), status: "done" }, final);
  return final;
}

const sent = (chatId, options) =>
  v0.messages.sendStream({ chatId, message: "Add a testimonial" }, options);

test("a new chat is told while it is written", async () => {
  const final = await read(await v0.chats.createStream({ message: "Build a pricing page" }));
  const chat = await told(v0.chats.get({ chatId: final.chat.id }));
  assert.deepEqual(final.chat, wire(chat));
  assert.equal(final.title, chat.title);
  const [answer] = wire(await messagesOf(chat.id));
  assert.deepEqual(final.parts, answer.parts);
  assert.deepEqual(final.usage, answer.usage);
});

test("an answer is told while it is written", async () => {
  const { id: chatId } = await newChat();
  const final = await read(await sent(chatId));
  const [answer] = wire(await messagesOf(chatId));
  assert.deepEqual(final.message, answer);
  assert.deepEqual(final.parts, answer.parts);
  assert.deepEqual(final.usage, answer.usage);
});

test("a stream can be handed on and read again", async () => {
  const { id: chatId } = await newChat();
  const result = await sent(chatId);
  const response = result.toResponse({ headers: { "x-mine": "1" } });
  assert.equal(response.headers.get("x-mine"), "1");
  assert.match(response.headers.get("content-type"), /^text\/event-stream/);
  const copy = readV0Stream(response);
  assert.deepEqual(await read(copy), await result.final);
});

// The events of a stream that the SDK hands out as it comes.
async function listed({ stream }) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

test("what comes of a task is told while it is written", async () => {
  const { id: chatId } = await newChat({ message: "Build a shop, but plan first" });
  const task = { type: "plan-exit-response", status: "approved", content: "Go on" };
  const events = await listed(await v0.messages.resolveStream({ chatId, task }, ONCE));
  const [answer] = wire(await messagesOf(chatId));
  assert.deepEqual(events.at(-1), { object: "message", ...answer });
  assert.equal(answer.finishReason, "stop");
});

test("a running answer can be joined, and a finished one is told as such", async () => {
  const started = v0.chats.createAsync({ message: "Build a pricing page" });
  const { chatId } = await told(started, 202);
  await control("advance", { seconds: 5 });
  const events = await listed(await v0.chats.resume({ chatId }, ONCE));
  const chat = { object: "chat", ...wire(await told(v0.chats.get({ chatId }))) };
  assert.deepEqual(events.at(-1), chat);
  const kinds = [...new Set(events.map(({ object }) => object))];
  assert.deepEqual(kinds, ["chat", "message.parts.chunk", "message.usage"]);
  assert.deepEqual(await listed(await v0.chats.resume({ chatId }, ONCE)), [chat]);
});

test("an answer whose stream was cut off can be joined again", async () => {
  const { id: chatId } = await newChat();
  await control("faults", { path: `/v2/chats/${chatId}/messages/stream`, cut_after: 4000 });
  const part = await (await sent(chatId, ONCE)).final;
  assert.equal(part.message.finishReason, null);
  const events = await listed(await v0.chats.resume({ chatId }, ONCE));
  assert.equal(events.at(-1).object, "chat");
  const [answer] = wire(await messagesOf(chatId));
  assert.deepEqual([answer.id, answer.finishReason], [part.message.id, "stop"]);
  assert.ok(part.parts.length > 0 && part.parts.length < answer.parts.length);
});

test("an error in a stream is an error of the SDK", async () => {
  const { id: chatId } = await newChat();
  const told = { object: "error", id: chatId, message: "Out of credits", code: "credits" };
  const body = `data: ${JSON.stringify(told)}\n\n`;
  await control("faults", { path: `/v2/chats/${chatId}/messages/stream`, body });
  const { final } = await sent(chatId, ONCE);
  await assert.rejects(final, (error) => {
    assert.ok(error instanceof V0StreamError);
    assert.deepEqual([error.message, error.code, error.id], ["Out of credits", "credits", chatId]);
    return true;
  });
});

test("a stream without events is an error of the SDK", async () => {
  const { id: chatId } = await newChat();
  await control("faults", { path: `/v2/chats/${chatId}/messages/stream`, body: "" });
  const empty = { name: "V0StreamError", message: /ended before sending an event/ };
  await assert.rejects((await sent(chatId, ONCE)).final, empty);
  const refused = await as("no-key").chats.createStream({ message: "A shop" }, ONCE);
  await assert.rejects(refused.final, empty);
});

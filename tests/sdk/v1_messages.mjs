// Messages of v1 through v0's SDK, and the answers to what an agent asks. Streams are elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, contents, control, ids, newChat, refused, v0 } from "./v1_client.mjs";

test("a message is answered with the next version", async () => {
  const before = await newChat();
  const chat = await v0.chats.sendMessage({
    chatId: before.id,
    message: "Add a testimonial",
    system: "Be brief",
    attachments: [{ url: "https://files.example/logo.png" }],
    modelConfiguration: { modelId: "v0-mini", imageGenerations: false, thinking: false },
    responseMode: "sync",
    mcpServerIds: [],
    skills: [{ type: "remote", id: "writing" }],
    action: { type: "fix-with-v0" },
  });
  assert.equal(chat.id, before.id);
  const [, , asked, answered] = chat.messages;
  assert.deepEqual(chat.messages.slice(0, 2), before.messages);
  assert.deepEqual([asked.content, asked.type], ["Add a testimonial", "fix-with-v0"]);
  assert.equal(asked.attachments[0].url, "https://files.example/logo.png");
  assert.deepEqual([answered.role, answered.finishReason], ["assistant", "stop"]);
  assert.notEqual(chat.latestVersion.id, before.latestVersion.id);
  const [old, fresh] = [before, chat].map(({ latestVersion }) => contents(latestVersion.files));
  assert.notDeepEqual(fresh, old);
  assert.equal(chat.modelConfiguration.modelId, "v0-mini");
});

test("messages are in pages, newest first, and each can be read alone", async () => {
  const { id: chatId, messages } = await newChat();
  const chat = await v0.chats.sendMessage({ chatId, message: "Add a testimonial" });
  assert.deepEqual(chat.messages.slice(0, 2), messages);
  const newestFirst = [...chat.messages].reverse();
  const whole = await v0.chats.findMessages({ chatId });
  assert.deepEqual(whole.data, newestFirst);
  assert.deepEqual(whole.pagination, { hasMore: false });
  const first = await v0.chats.findMessages({ chatId, limit: 3 });
  assert.equal(first.pagination.hasMore, true);
  assert.ok(first.pagination.nextUrl.includes(first.pagination.nextCursor));
  const { nextCursor: cursor } = first.pagination;
  const second = await v0.chats.findMessages({ chatId, limit: 3, cursor });
  assert.deepEqual([...first.data, ...second.data], newestFirst);
  for (const message of chat.messages) {
    const alone = await v0.chats.getMessage({ chatId, messageId: message.id });
    assert.deepEqual(alone, { ...message, chatId });
  }
});

test("a stopped answer ends where it is", async () => {
  const { id: chatId, messages } = await newChat({ responseMode: "async" });
  const messageId = messages[1].id;
  await control("advance", { seconds: 3 });
  assert.deepEqual(await v0.chats.stop({ chatId, messageId }), { success: true });
  const stopped = await v0.chats.getMessage({ chatId, messageId });
  assert.equal(stopped.finishReason, "other");
  await control("advance", { seconds: 60 });
  assert.deepEqual(await v0.chats.getMessage({ chatId, messageId }), stopped);
  const chat = await v0.chats.getById({ chatId });
  assert.equal(chat.latestVersion.status, "failed");
});

test("what an agent asks can be answered once", async () => {
  const waiting = await newChat({ message: "Build a pricing page, but ask me first" });
  assert.equal(waiting.messages[1].finishReason, "tool-calls");
  assert.equal(waiting.latestVersion, undefined);
  const task = { type: "answered-questions", answers: answers(waiting.messages[1]) };
  const chat = await v0.chats.resolveTask({ chatId: waiting.id, task });
  assert.deepEqual(ids(chat.messages.slice(0, 2)), ids(waiting.messages));
  assert.equal(chat.messages.at(-1).finishReason, "stop");
  assert.equal(chat.latestVersion.status, "completed");
  await refused(v0.chats.resolveTask({ chatId: waiting.id, task }), 409, "conflict_error");
});

test("only the task that waits can be resolved", async () => {
  const { id: chatId } = await newChat({ message: "Build a shop, but ask me first" });
  const task = { type: "plan-exit-response", status: "approved", content: "Go on" };
  await refused(v0.chats.resolveTask({ chatId, task }), 409, "conflict_error");
});

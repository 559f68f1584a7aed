// Messages of v2 through v0's SDK, and the answers to what agents ask. Streams are elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control, messagesOf, newChat, refused, told, v0 } from "./v2_client.mjs";

test("a message is answered in parts, and costs something", async () => {
  const { id: chatId } = await newChat();
  const answer = await told(
    v0.messages.send({
      chatId,
      message: "Add a testimonial",
      systemPrompt: "Be brief",
      modelConfiguration: { modelId: "v0-max", imageGenerations: false },
      mcpServerIds: [],
      attachments: [{ url: "https://files.example/logo.png" }],
      skillIds: ["tone"],
      action: { type: "fix-with-v0" },
    }),
  );
  assert.deepEqual([answer.role, answer.finishReason], ["assistant", "stop"]);
  assert.equal(answer.chatId, chatId);
  assert.ok(answer.updatedAt > answer.createdAt);
  const kinds = new Set(answer.parts.map(({ type }) => type));
  for (const kind of ["thinking", "text", "file-edit", "bash"]) assert.ok(kinds.has(kind), kind);
  assert.ok(answer.parts.every(({ finishedAt }) => finishedAt instanceof Date));
  assert.equal(answer.content, answer.parts.at(-1).text);
  const [last, asked] = await messagesOf(chatId);
  assert.deepEqual(last, answer);
  assert.deepEqual([asked.role, asked.content], ["user", "Add a testimonial"]);
  assert.equal(asked.attachments[0].url, "https://files.example/logo.png");
  assert.ok(answer.usage.creditsCost.total > 0);
  assert.deepEqual([asked.usage.tokens.total, asked.usage.creditsCost.total], [0, 0]);
});

test("messages are in pages, newest first, and each can be read alone", async () => {
  const { id: chatId } = await newChat();
  await told(v0.messages.send({ chatId, message: "Add a testimonial" }));
  const whole = await messagesOf(chatId);
  assert.deepEqual(whole.map(({ role }) => role), ["assistant", "user", "assistant", "user"]);
  const first = await told(v0.messages.list({ chatId, limit: 3 }));
  const rest = await told(v0.messages.list({ chatId, limit: 3, cursor: first.cursor }));
  assert.deepEqual([...first.messages, ...rest.messages], whole);
  assert.equal(rest.cursor, null);
  for (const message of whole) {
    const alone = await told(v0.messages.get({ chatId, messageId: message.id }));
    assert.deepEqual(alone, message);
  }
});

test("a message that nobody waits for can be stopped", async () => {
  const { id: chatId } = await newChat();
  const sent = v0.messages.sendAsync({ chatId, message: "Add a testimonial" });
  const { messageId } = await told(sent, 202);
  await control("advance", { seconds: 3 });
  const stopped = await told(v0.messages.stop({ chatId, messageId }));
  assert.equal(stopped.messageId, messageId);
  const message = await told(v0.messages.get({ chatId, messageId }));
  assert.equal(message.finishReason, "other");
  await control("advance", { seconds: 60 });
  assert.deepEqual(await told(v0.messages.get({ chatId, messageId })), message);
  await refused(v0.messages.stop({ chatId, messageId }), 409);
});

// What people do about the last part of an answer.
const TASKS = {
  "ask me first": ({ data }) => ({
    type: "answered-questions",
    answers: data.questions.map(({ id, question, options }) => ({
      questionId: id,
      questionText: question,
      selectedLabels: [options[0].label],
      customText: "And nobody else",
    })),
  }),
  "plan first": ({ data }) => ({
    type: "plan-exit-response",
    status: "approved",
    content: data.plan,
  }),
  "ask for permission": ({ suggestedPermissions }) => ({
    type: "confirmed-permissions",
    permissions: suggestedPermissions,
  }),
  "connect an integration": ({ data }) => ({
    type: "confirmed-steps",
    connectedIntegrationNames: data.requestedIntegrations,
    connectedMcpPresetNames: data.requestedMcpPresets,
    appliedScripts: [],
    addedEnvVars: [],
  }),
};

for (const [words, done] of Object.entries(TASKS)) {
  test(`an agent told to "${words}" goes on when it is answered, once`, async () => {
    const { id: chatId } = await newChat({ message: `Build a shop, but ${words}` });
    const [waiting] = await messagesOf(chatId);
    assert.equal(waiting.finishReason, "tool-calls");
    const task = done(waiting.parts.at(-1));
    const modelConfiguration = { modelId: "v0-mini", imageGenerations: false };
    const answer = await told(v0.messages.resolve({ chatId, task, modelConfiguration }));
    assert.equal(answer.finishReason, "stop");
    assert.ok(answer.parts.some(({ type }) => type === "file-edit"));
    assert.deepEqual((await messagesOf(chatId))[0], answer);
    await refused(v0.messages.resolve({ chatId, task }), 409);
  });
}

test("nobody has to wait for what comes of an answer either", async () => {
  const { id: chatId } = await newChat({ message: "Build a shop, but plan first" });
  const task = { type: "plan-exit-response", status: "request-changes", content: "Less text" };
  const { messageId } = await told(v0.messages.resolveAsync({ chatId, task }), 202);
  await control("advance", { seconds: 60 });
  const again = await told(v0.messages.get({ chatId, messageId }));
  assert.equal(again.finishReason, "tool-calls");
  assert.ok(again.parts.at(-1).data.plan.includes("Less text"));
});

test("only the task that waits can be resolved", async () => {
  const { id: chatId } = await newChat({ message: "Build a shop, but ask me first" });
  const task = { type: "plan-exit-response", status: "approved", content: "Go on" };
  await refused(v0.messages.resolve({ chatId, task }), 409);
});

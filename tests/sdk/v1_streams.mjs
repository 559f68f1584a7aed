// Streams of v1 through v0's SDK: from the first event to the end mark.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as jsondiffpatch from "jsondiffpatch";
import { parseStreamingResponse } from "v0-sdk";
import { answers, as, baseUrl, control, newChat, refused, v0 } from "./v1_client.mjs";

const responseMode = "experimental_stream";
const CHUNK = "message.experimental_content.chunk";

// All events, once the stream has come to its end mark and not just to an end.
async function read(stream) {
  const [told, copy] = stream.tee();
  const events = [];
  for await (const { event, data } of parseStreamingResponse(told)) {
    assert.equal(event, "message");
    events.push(JSON.parse(data));
  }
  assert.ok((await new Response(copy).text()).endsWith("data: [DONE]\n\n"));
  return events;
}

// What the changes of the content add up to.
function added(events) {
  let content = [];
  for (const { object, delta } of events) {
    if (object !== CHUNK) continue;
    const [path, ...mark] = Array.isArray(delta) ? delta : [];
    if (mark.join() === "9,9") append(content, path.slice(0, -1), path.at(-1));
    else content = jsondiffpatch.patch(content, delta);
  }
  return content;
}

function append(content, [step, ...rest], text) {
  if (typeof content[step] === "string") content[step] += text;
  else append(content[step], rest, text);
}

async function checked(events, chatId) {
  const chat = await v0.chats.getById({ chatId });
  const answer = chat.messages.at(-1);
  assert.deepEqual(added(events), answer.experimental_content);
  const changes = events.filter(({ object }) => object === CHUNK);
  assert.ok(changes.length > 5);
  assert.ok(changes.every(({ id }) => id === answer.id));
  assert.equal(events[0].object, "chat");
  assert.deepEqual(events.at(-1), chat);
  return chat;
}

test("a new chat is told while it is written", async () => {
  const events = await read(await newChat({ responseMode }));
  const chat = await checked(events, events[0].id);
  const titles = events.filter(({ object }) => object === "chat.title");
  assert.equal(titles.at(-1).delta, chat.name);
  assert.equal(chat.latestVersion.status, "completed");
});

test("an answer is told while it is written", async () => {
  const { id: chatId } = await newChat();
  const stream = await v0.chats.sendMessage({ chatId, message: "Add a testimonial", responseMode });
  const chat = await checked(await read(stream), chatId);
  assert.equal(chat.messages.length, 4);
});

test("the answer after an agent's question is told while it is written", async () => {
  const { id: chatId, messages } = await newChat({ message: "Build a shop, but ask me first" });
  const task = { type: "answered-questions", answers: answers(messages[1]) };
  const stream = await v0.chats.resolveTask({ chatId, task, responseMode });
  const chat = await checked(await read(stream), chatId);
  assert.equal(chat.messages.at(-1).finishReason, "stop");
});

test("a running answer can be joined from its beginning", async () => {
  const { id: chatId, messages } = await newChat({ responseMode: "async" });
  await control("advance", { seconds: 5 });
  const address = `${baseUrl}/chats/${chatId}/messages/${messages[1].id}/resume`;
  const headers = { authorization: `Bearer ${process.env.V0_API_KEY}` };
  const answer = await fetch(address, { method: "POST", headers });
  await checked(await read(answer.body), chatId);
});

test("the SDK's own resume takes the stream for one JSON value, and fails", async () => {
  const { id: chatId, messages } = await newChat();
  const resumed = v0.chats.resume({ chatId, messageId: messages[1].id });
  await assert.rejects(resumed, { name: "SyntaxError" });
});

test("a stream that cannot begin is refused like anything else", async () => {
  const refusal = as("no-key").chats.create({ message: "A shop", responseMode });
  await refused(refusal, 401, "unauthorized_error");
});

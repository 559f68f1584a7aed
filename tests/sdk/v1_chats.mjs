// Chats of v1 through v0's SDK. Messages, versions and streams are elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contents, control, ids, newChat, newProject, refused, v0 } from "./v1_client.mjs";

test("a chat comes with its answer, its version and all that was given", async () => {
  const project = await newProject();
  const image = "data:image/png;base64,iVBORw0KGgo=";
  const given = { modelId: "v0-max", imageGenerations: true, thinking: true };
  const chat = await v0.chats.create({
    message: "Build a pricing page",
    system: "Be brief",
    attachments: [{ url: image }],
    chatPrivacy: "team",
    projectId: project.id,
    modelConfiguration: given,
    responseMode: "sync",
    designSystemId: null,
    mcpServerIds: [],
    skills: [{ type: "memory", scope: "team", skillName: "tone" }],
    metadata: { ticket: "7" },
  });
  assert.equal(chat.object, "chat");
  assert.deepEqual(chat.modelConfiguration, given);
  assert.deepEqual(chat.metadata, { ticket: "7" });
  assert.equal(chat.privacy, "team");
  assert.equal(chat.shareable, true);
  assert.equal(chat.projectId, project.id);
  assert.equal(chat.vercelProjectId, project.vercelProjectId);
  assert.equal(chat.authorId, (await v0.user.get()).id);
  const [asked, answered] = chat.messages;
  assert.deepEqual([asked.role, asked.content], ["user", "Build a pricing page"]);
  assert.equal(asked.attachments[0].url, image);
  assert.deepEqual([answered.role, answered.finishReason], ["assistant", "stop"]);
  assert.equal(answered.parentId, asked.id);
  assert.equal(chat.text, answered.content);
  assert.equal(chat.latestVersion.status, "completed");
  assert.ok("app/page.tsx" in contents(chat.latestVersion.files));
  assert.ok((await fetch(chat.latestVersion.demoUrl)).ok);
  assert.deepEqual(await v0.chats.getById({ chatId: chat.id }), chat);
});

test("a chat that nobody waits for is complete later", async () => {
  const started = await newChat({ responseMode: "async" });
  assert.equal(started.latestVersion.status, "pending");
  assert.deepEqual(started.latestVersion.files, []);
  await control("advance", { seconds: 60 });
  const chat = await v0.chats.getById({ chatId: started.id });
  assert.equal(chat.latestVersion.status, "completed");
  assert.equal(chat.latestVersion.id, started.latestVersion.id);
  assert.ok(chat.name);
});

test("the list is in pages, newest change first", async () => {
  for (const name of ["one", "two", "three"]) {
    const { id } = await newChat();
    await control("advance", { seconds: 1 });
    await v0.chats.update({ chatId: id, name });
  }
  const whole = await v0.chats.find();
  assert.equal(whole.object, "list");
  const names = whole.data.slice(0, 3).map((chat) => chat.name);
  assert.deepEqual(names, ["three", "two", "one"]);
  const pages = [];
  for (let offset = 0; offset < whole.data.length; offset += 2) {
    pages.push(...(await v0.chats.find({ limit: 2, offset })).data);
  }
  assert.deepEqual(pages, whole.data);
});

test("the list can be filtered", async () => {
  const project = await newProject();
  const wanted = await newChat({ projectId: project.id, metadata: { ticket: "8", step: "one" } });
  const other = await newChat({ metadata: { ticket: "9", step: "one" } });
  await v0.chats.favorite({ chatId: other.id, isFavorite: true });
  const found = async (given) => ids((await v0.chats.find(given)).data);
  assert.deepEqual(await found({ isFavorite: true }), [other.id]);
  assert.ok(!(await found({ isFavorite: false })).includes(other.id));
  assert.deepEqual(await found({ vercelProjectId: project.vercelProjectId }), [wanted.id]);
  assert.deepEqual(await found({ metadata: { ticket: "8", step: "one" } }), [wanted.id]);
  assert.deepEqual(await found({ metadata: { ticket: "8", step: "two" } }), []);
  assert.deepEqual(await found({ branch: "no such branch" }), []);
});

test("a chat is changed, and reads as changed", async () => {
  const { id: chatId } = await newChat({ metadata: { keep: "1", drop: "2" } });
  const metadata = { drop: null, add: "3" };
  const changed = await v0.chats.update({ chatId, name: "Prices", privacy: "unlisted", metadata });
  assert.equal(changed.name, "Prices");
  assert.equal(changed.privacy, "unlisted");
  assert.deepEqual(changed.metadata, { keep: "1", add: "3" });
  assert.deepEqual(await v0.chats.getById({ chatId }), changed);
  const cleared = await v0.chats.update({ chatId, metadata: null });
  assert.deepEqual([cleared.name, cleared.metadata], ["Prices", {}]);
});

test("a favourite is one until it is not", async () => {
  const { id: chatId } = await newChat();
  for (const isFavorite of [true, false]) {
    const said = await v0.chats.favorite({ chatId, isFavorite });
    assert.deepEqual(said, { id: chatId, object: "chat", favorited: isFavorite });
    assert.equal((await v0.chats.getById({ chatId })).favorite, isFavorite);
  }
});

test("a fork begins with the files of the version it was made from", async () => {
  const chat = await newChat();
  const later = await v0.chats.sendMessage({ chatId: chat.id, message: "Add a testimonial" });
  const fork = await v0.chats.fork({ chatId: chat.id, versionId: chat.latestVersion.id });
  assert.notEqual(fork.id, chat.id);
  assert.equal(fork.privacy, "private");
  assert.equal(fork.messages[0].type, "forked-chat");
  assert.deepEqual(contents(fork.latestVersion.files), contents(chat.latestVersion.files));
  const latest = await v0.chats.fork({ chatId: chat.id, privacy: "team" });
  assert.equal(latest.privacy, "team");
  assert.deepEqual(contents(latest.latestVersion.files), contents(later.latestVersion.files));
});

test("a deleted chat is gone", async () => {
  const { id: chatId } = await newChat();
  const said = await v0.chats.delete({ chatId });
  assert.deepEqual(said, { id: chatId, object: "chat", deleted: true });
  await refused(v0.chats.getById({ chatId }), 404, "not_found_error");
  assert.ok(!ids((await v0.chats.find()).data).includes(chatId));
});

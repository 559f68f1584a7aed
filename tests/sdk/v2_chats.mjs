// Chats of v2 through v0's SDK: how they begin, change, are copied and go online.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unzipped } from "./archives.mjs";
import { contents, control, messagesOf, newChat, refused, told, v0, wire } from "./v2_client.mjs";

const filesOf = async (chatId) => contents((await told(v0.chats.getFiles({ chatId }))).files);
const archiveOf = async (chatId) =>
  Buffer.from(await (await told(v0.chats.downloadFiles({ chatId }))).arrayBuffer());

test("a chat is made from a prompt, in the form that the SDK knows", async () => {
  const { chat, usage } = await told(
    v0.chats.create({
      message: "Build a pricing page",
      systemPrompt: "Be brief",
      modelConfiguration: { modelId: "v0-auto", imageGenerations: true },
      attachments: [{ url: "data:image/png;base64,iVBORw0KGgo=" }],
      mcpServerIds: [],
      skillIds: ["tone"],
      privacy: "team",
      title: "Prices",
      metadata: { ticket: "7" },
    }),
  );
  assert.deepEqual([chat.title, chat.privacy, chat.metadata], ["Prices", "team", { ticket: "7" }]);
  assert.ok(chat.createdAt instanceof Date && chat.updatedAt > chat.createdAt);
  assert.equal(chat.writePermission, true);
  const [answer, asked] = await messagesOf(chat.id);
  assert.deepEqual([asked.role, asked.content], ["user", "Build a pricing page"]);
  assert.deepEqual(asked.attachments, [
    { url: "data:image/png;base64,iVBORw0KGgo=", contentType: "image/png", size: 8 },
  ]);
  assert.equal(asked.authorId, chat.authorId);
  assert.deepEqual([answer.role, answer.finishReason], ["assistant", "stop"]);
  assert.deepEqual(answer.usage, usage);
  assert.ok(usage.tokens.total > 0 && usage.creditsCost.total > 0);
  assert.deepEqual(await told(v0.chats.get({ chatId: chat.id })), chat);
});

test("a chat that nobody waits for is complete later", async () => {
  const { chatId, messageId } = await told(v0.chats.createAsync({ message: "A shop" }), 202);
  const get = () => told(v0.messages.get({ chatId, messageId }));
  assert.equal((await get()).finishReason, null);
  await refused(v0.chats.getFiles({ chatId }), 409);
  await control("advance", { seconds: 60 });
  assert.equal((await get()).finishReason, "stop");
  assert.ok("app/page.tsx" in (await filesOf(chatId)));
});

test("the list is in pages and can be filtered", async () => {
  const { id: other } = await newChat({ metadata: { ticket: "8", step: "one" } });
  const { id } = await newChat({ metadata: { ticket: "9", step: "one" } });
  const { vercelProjectId } = await told(v0.chats.createVercelProject({ chatId: id }), 201);
  const all = [];
  let cursor;
  do {
    const page = await told(v0.chats.list({ limit: 2, cursor }));
    all.push(...page.chats);
    cursor = page.cursor;
  } while (cursor);
  assert.equal(cursor, null);
  assert.deepEqual(all, (await told(v0.chats.list())).chats);
  const found = async (given) => (await told(v0.chats.list(given))).chats.map((chat) => chat.id);
  assert.deepEqual(await found({ vercelProjectId }), [id]);
  assert.deepEqual(await found({ metadata: { ticket: "8", step: "one" } }), [other]);
  assert.deepEqual(await found({ metadata: { ticket: "8", step: "two" } }), []);
  assert.equal((await found({ authorId: all[0].authorId })).length, all.length);
  await refused(v0.chats.list({ authorId: "somebody" }), 422);
});

test("a chat is changed, and reads as changed", async () => {
  const { id: chatId } = await newChat({ metadata: { keep: "1", drop: "2" } });
  const metadata = { drop: null, add: "3" };
  const given = { chatId, title: "Prices", privacy: "unlisted", metadata };
  const changed = await told(v0.chats.update(given));
  assert.deepEqual([changed.title, changed.privacy], ["Prices", "unlisted"]);
  assert.deepEqual(changed.metadata, { keep: "1", add: "3" });
  assert.deepEqual(await told(v0.chats.get({ chatId })), changed);
  assert.deepEqual((await told(v0.chats.update({ chatId, metadata: null }))).metadata, {});
});

test("a chat begins with an archive of another one", async () => {
  const { id: chatId } = await newChat();
  const archive = await archiveOf(chatId);
  assert.deepEqual(unzipped(archive), await filesOf(chatId));
  const url = `data:application/zip;base64,${archive.toString("base64")}`;
  const given = { url, privacy: "team", title: "Copy", metadata: { from: chatId } };
  const { chat, usage } = await told(v0.chats.createFromZip(given));
  assert.deepEqual([chat.title, chat.privacy, chat.metadata], ["Copy", "team", { from: chatId }]);
  assert.equal(usage.tokens.total, 0);
  assert.deepEqual(await filesOf(chat.id), await filesOf(chatId));
  await refused(v0.chats.createFromZip({ url: "https://nowhere.invalid/shop.zip" }), 422);
});

test("a chat begins with a branch of a repository", async () => {
  const url = `${process.env.V0_BASE_URL}/repos/harbor-studio/storefront`;
  const begun = async (repo) => (await told(v0.chats.createFromRepo({ repo }))).chat;
  const packed = await fetch(`${url}/archive/refs/heads/dark-mode.zip`);
  const branch = Object.entries(unzipped(await packed.arrayBuffer()));
  const unfolded = branch.map(([name, content]) => [name.replace(/^[^/]+\//, ""), content]);
  const { id } = await begun({ url, branch: "dark-mode" });
  assert.deepEqual(await filesOf(id), Object.fromEntries(unfolded));
  assert.notDeepEqual(await filesOf((await begun({ url })).id), await filesOf(id));
});

test("a preview opens with its token, once it runs", async () => {
  const { id: chatId } = await newChat();
  const { url, token, expiresAt } = await told(v0.chats.getPreview({ chatId }));
  assert.ok(Date.parse(expiresAt));
  const opened = (given) => fetch(url, { headers: { "x-v0-preview-token": given } });
  assert.ok((await opened(token)).ok);
  assert.equal((await opened("wrong")).status, 401);
  const { chatId: pending } = await told(v0.chats.createAsync({ message: "A shop" }), 202);
  assert.equal(await told(v0.chats.getPreview({ chatId: pending })), null);
});

test("files are edited by hand, and an earlier state can be restored", async () => {
  const { id: chatId } = await newChat();
  const before = await filesOf(chatId);
  const files = [
    { path: "lib/prices.ts", content: "export const prices = [1] // 🎉\n" },
    { path: "app/page.tsx", content: "export default () => null\n" },
    { path: "lib/data.ts", content: null },
  ];
  const { messages } = await told(v0.chats.updateFiles({ chatId, files }));
  assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant"]);
  const edits = messages[1].parts.map(({ operation, path }) => `${operation} ${path}`);
  assert.deepEqual(edits, ["create lib/prices.ts", "update app/page.tsx", "delete lib/data.ts"]);
  const expected = { ...before, ...contents(files.slice(0, 2)) };
  delete expected["lib/data.ts"];
  assert.deepEqual(await filesOf(chatId), Object.fromEntries(Object.entries(expected).sort()));
  const [, , answer] = await messagesOf(chatId);
  assert.equal(answer.restorable, true);
  const restored = await told(v0.chats.restoreMessage({ chatId, messageId: answer.id }));
  assert.equal(restored.messages.length, 2);
  assert.deepEqual(await filesOf(chatId), before);
  await refused(v0.chats.restoreMessage({ chatId, messageId: answer.id }), 409);
});

test("contents that cannot be are refused with what is wrong about each", async () => {
  const { id: chatId } = await newChat();
  const files = [{ path: "package.json", content: "{" }, { path: "none.ts", content: null }];
  const { issues } = await refused(v0.chats.updateFiles({ chatId, files }), 422);
  assert.deepEqual(issues.map(({ path }) => path), ["files.0.content", "files.1.path"]);
  assert.ok(issues.every(({ error }) => error));
});

test("a copy has the same messages and files, and goes its own way", async () => {
  const { id: chatId } = await newChat({ title: "Prices" });
  const given = { chatId, privacy: "team", title: "Other prices" };
  const copy = await told(v0.chats.duplicate(given), 201);
  assert.deepEqual([copy.title, copy.privacy], ["Other prices", "team"]);
  const [old, fresh] = [await messagesOf(chatId), await messagesOf(copy.id)];
  assert.deepEqual(fresh.map(({ parts }) => parts), old.map(({ parts }) => parts));
  assert.ok(fresh.every((message) => message.chatId === copy.id));
  assert.deepEqual(await filesOf(copy.id), await filesOf(chatId));
  await told(v0.messages.send({ chatId: copy.id, message: "Add a testimonial" }));
  assert.notDeepEqual(await filesOf(copy.id), await filesOf(chatId));
});

test("a chat goes online in a Vercel project of its own", async () => {
  const { id: chatId } = await newChat();
  const name = "shop-web";
  const { vercelProjectId } = await told(v0.chats.createVercelProject({ chatId, name }), 201);
  await refused(v0.chats.createVercelProject({ chatId }), 409);
  const deployment = await told(v0.chats.deploy({ chatId }));
  assert.equal(deployment.vercelProjectId, vercelProjectId);
  assert.equal((await told(v0.chats.get({ chatId }))).vercelProjectId, vercelProjectId);
  await control("advance", { seconds: 60 });
  const address = `${process.env.V0_BASE_URL}/deployed/${deployment.deploymentId}`;
  assert.ok((await fetch(address)).ok);
});

test("a deleted chat is gone", async () => {
  const { id: chatId } = await newChat();
  assert.equal((await told(v0.chats.delete({ chatId }))).chatId, chatId);
  await refused(v0.chats.get({ chatId }), 404);
  const { chats } = await told(v0.chats.list({ limit: 100 }));
  assert.ok(!wire(chats).some(({ id }) => id === chatId));
});

// Versions of v1 and chats that begin with files, through v0's SDK.
import assert from "node:assert/strict";
import { test } from "node:test";
import { untarred, unzipped } from "./archives.mjs";
import { contents, control, ids, newChat, newProject, refused, v0 } from "./v1_client.mjs";

const FILES = [
  { name: "app/page.tsx", content: "export default () => <p>🎉 été</p>", locked: true },
  { name: "lib/data.ts", content: "export const prices = []", locked: false },
];
const versionOf = ({ id: chatId, latestVersion }) => ({ chatId, versionId: latestVersion.id });

test("versions are in pages, newest first, and each can be read alone", async () => {
  const first = await newChat();
  const chat = await v0.chats.sendMessage({ chatId: first.id, message: "Add a testimonial" });
  const whole = await v0.chats.findVersions({ chatId: chat.id });
  assert.deepEqual(ids(whole.data), [chat.latestVersion.id, first.latestVersion.id]);
  assert.equal(whole.meta.totalCount, 2);
  const page = await v0.chats.findVersions({ chatId: chat.id, limit: 1 });
  assert.equal(page.pagination.hasMore, true);
  const { nextCursor: cursor } = page.pagination;
  const rest = await v0.chats.findVersions({ chatId: chat.id, limit: 1, cursor });
  assert.deepEqual([...page.data, ...rest.data], whole.data);
  assert.equal(rest.pagination.hasMore, false);
  assert.deepEqual(await v0.chats.getVersion(versionOf(chat)), chat.latestVersion);
  assert.deepEqual(await v0.chats.getVersion(versionOf(first)), first.latestVersion);
});

test("a version can be read with the files that every project has", async () => {
  const version = versionOf(await newChat());
  const own = contents((await v0.chats.getVersion(version)).files);
  const { files } = await v0.chats.getVersion({ ...version, includeDefaultFiles: true });
  assert.deepEqual({ ...contents(files), ...own }, contents(files));
  assert.ok(files.length > Object.keys(own).length);
});

test("files are changed, locked and deleted", async () => {
  const version = versionOf(await newChat());
  const before = contents((await v0.chats.getVersion(version)).files);
  const changed = await v0.chats.updateVersion({ ...version, files: FILES });
  const expected = { ...before, ...contents(FILES) };
  assert.deepEqual(contents(changed.files), expected);
  assert.ok(changed.files.find(({ name }) => name === "app/page.tsx").locked);
  const filePaths = ["lib/data.ts"];
  const cut = await v0.chats.deleteVersionFiles({ ...version, filePaths });
  delete expected["lib/data.ts"];
  assert.deepEqual(contents(cut.files), expected);
  assert.notEqual(cut.id, version.versionId);
  const made = { ...version, versionId: cut.id };
  assert.deepEqual(await v0.chats.getVersion(made), cut);
  assert.ok("lib/data.ts" in contents((await v0.chats.getVersion(version)).files));
  const again = v0.chats.deleteVersionFiles({ ...made, filePaths });
  await refused(again, 404, "not_found_error");
});

test("a download is an archive of the version's files", async () => {
  const version = versionOf(await newChat());
  await v0.chats.updateVersion({ ...version, files: FILES });
  for (const includeDefaultFiles of [false, true]) {
    const { files } = await v0.chats.getVersion({ ...version, includeDefaultFiles });
    const zip = await v0.chats.downloadVersion({ ...version, format: "zip", includeDefaultFiles });
    assert.deepEqual(unzipped(zip), contents(files));
    const given = { ...version, format: "tarball", includeDefaultFiles };
    assert.deepEqual(untarred(await v0.chats.downloadVersion(given)), contents(files));
  }
  assert.deepEqual(
    await v0.chats.downloadVersion(version),
    await v0.chats.downloadVersion({ ...version, format: "zip", includeDefaultFiles: false }),
  );
});

test("a version that is being written cannot be downloaded or changed", async () => {
  const version = versionOf(await newChat({ responseMode: "async" }));
  await refused(v0.chats.downloadVersion(version), 409, "conflict_error");
  await refused(v0.chats.updateVersion({ ...version, files: FILES }), 409, "conflict_error");
  await control("advance", { seconds: 60 });
  assert.ok((await v0.chats.downloadVersion(version)).byteLength);
});

test("restoring makes a new version with the old files", async () => {
  const first = await newChat();
  const chat = await v0.chats.sendMessage({ chatId: first.id, message: "Add a testimonial" });
  const restored = await v0.chats.restore(versionOf(first));
  assert.ok(!ids([first.latestVersion, chat.latestVersion]).includes(restored.id));
  assert.deepEqual(contents(restored.files), contents(first.latestVersion.files));
  const after = await v0.chats.getById({ chatId: chat.id });
  assert.deepEqual(after.latestVersion, restored);
  assert.equal(after.messages.at(-1).type, "reverted-block");
});

test("a chat begins with given files", async () => {
  const project = await newProject();
  const chat = await v0.chats.init({
    type: "files",
    files: FILES,
    name: "From files",
    chatPrivacy: "team",
    projectId: project.id,
    metadata: { from: "disk" },
  });
  assert.deepEqual([chat.name, chat.privacy, chat.projectId], ["From files", "team", project.id]);
  assert.deepEqual(chat.metadata, { from: "disk" });
  assert.equal(chat.latestVersion.status, "completed");
  assert.deepEqual(contents(chat.latestVersion.files), contents(FILES));
  assert.deepEqual(
    chat.latestVersion.files.map(({ locked }) => locked).sort(),
    [false, true],
  );
});

test("a chat begins with a downloaded archive", async () => {
  const chat = await newChat();
  const archive = Buffer.from(await v0.chats.downloadVersion(versionOf(chat)));
  const url = `data:application/zip;base64,${archive.toString("base64")}`;
  const copy = await v0.chats.init({ type: "zip", zip: { url }, lockAllFiles: true });
  assert.deepEqual(contents(copy.latestVersion.files), contents(chat.latestVersion.files));
  assert.ok(copy.latestVersion.files.every(({ locked }) => locked));
});

test("a chat begins with a branch of a repository", async () => {
  const url = `${process.env.V0_BASE_URL}/repos/harbor-studio/storefront`;
  const begun = async (repo) => (await v0.chats.init({ type: "repo", repo })).latestVersion.files;
  const packed = await fetch(`${url}/archive/refs/heads/dark-mode.zip`);
  const branch = Object.entries(unzipped(await packed.arrayBuffer()));
  const unfolded = branch.map(([name, content]) => [name.replace(/^[^/]+\//, ""), content]);
  const dark = contents(await begun({ url, branch: "dark-mode" }));
  assert.deepEqual(dark, Object.fromEntries(unfolded));
  assert.notDeepEqual(contents(await begun({ url })), dark);
});

test("a chat begins with a registry entry", async () => {
  const url = `${process.env.V0_BASE_URL}/registry/pricing.json`;
  const [file] = (await (await fetch(url)).json()).files;
  const chat = await v0.chats.init({ type: "registry", registry: { url } });
  assert.ok(chat.latestVersion.files.some(({ content }) => content === file.content));
});

test("a chat begins with a template", async () => {
  const chat = await v0.chats.init({ type: "template", templateId: "coffee-bar", name: "Bar" });
  assert.equal(chat.name, "Bar");
  assert.ok("app/page.tsx" in contents(chat.latestVersion.files));
});

test("what cannot be fetched or unpacked is refused", async () => {
  const broken = "data:application/zip;base64,bm8gYXJjaGl2ZQ==";
  for (const url of [broken, "https://nowhere.invalid/shop.zip"]) {
    const refusal = v0.chats.init({ type: "zip", zip: { url } });
    await refused(refusal, 422, "unprocessable_entity_error");
  }
});

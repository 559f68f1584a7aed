// Hooks, MCP servers and organizations of v2, through v0's SDK; and its errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { vercelOidcAuth } from "v0";
import { as, control, newChat, refused, told, v0 } from "./v2_client.mjs";

const { ORGANIZATION: orgId, TEAM: teamId } = process.env;
const MEMBER = "v0-demo-member";

test("a hook is made, found, changed and deleted", async () => {
  const { id: chatId } = await newChat();
  const given = { name: "Ours", events: ["message.finished"], url: "https://hooks.example/1" };
  const hook = await told(v0.webhooks.create({ ...given, chatId }));
  const { id: hookId, createdAt } = hook;
  assert.ok(createdAt instanceof Date);
  assert.deepEqual(hook, { id: hookId, createdAt, ...given, chatId });
  const everywhere = await told(v0.webhooks.create({ ...given, chatId: null }));
  assert.equal(everywhere.chatId, null);
  const changes = { name: "Theirs", events: ["chat.created"], url: "https://hooks.example/2" };
  const changed = await told(v0.webhooks.update({ hookId, ...changes }));
  assert.deepEqual(changed, { ...hook, ...changes });
  assert.deepEqual(await told(v0.webhooks.get({ hookId })), changed);
  assert.deepEqual(await told(v0.webhooks.list()), [
    { id: hookId, name: "Theirs" },
    { id: everywhere.id, name: "Ours" },
  ]);
  assert.deepEqual(await told(v0.webhooks.delete({ hookId })), { id: hookId, deleted: true });
  await refused(v0.webhooks.get({ hookId }), 404);
});

test("an MCP server is made, found, changed and deleted", async () => {
  const config = {
    authorizationUrl: "https://id.example/authorize",
    tokenUrl: "https://id.example/token",
    clientId: "dashboard",
    scopes: ["read"],
    usePKCE: true,
  };
  const auth = { type: "custom-headers", headers: { "x-token": "t0ken" } };
  const given = { name: "Notion", url: "https://mcp.example/sse", description: "Pages", auth };
  const server = await told(v0.mcpServers.create({ ...given, enabled: false, scope: "team" }));
  const { id: mcpServerId } = server;
  assert.deepEqual({ ...server, ...given, enabled: false, scope: "team" }, server);
  assert.ok(server.createdAt instanceof Date);
  const changes = { enabled: true, auth: { type: "oauth", config, connected: false } };
  const changed = await told(v0.mcpServers.update({ mcpServerId, ...changes }));
  assert.deepEqual({ ...changed, ...changes }, changed);
  assert.deepEqual(await told(v0.mcpServers.get({ mcpServerId })), changed);
  assert.deepEqual(await told(v0.mcpServers.list()), [changed]);
  assert.deepEqual(await told(v0.mcpServers.delete({ mcpServerId })), { success: true });
  await refused(v0.mcpServers.get({ mcpServerId }), 404);
});

test("a child team's key works until it is deleted", async () => {
  const { teams } = v0.organizations;
  const key = await told(teams.createApiKey({ orgId, teamId, name: "Build server" }));
  assert.deepEqual([key.name, key.ownerId], ["Build server", teamId]);
  const listed = async () => told(teams.listApiKeys({ orgId, teamId }));
  const [row] = await listed();
  assert.deepEqual([row.id, row.name, row.lastUsed], [key.id, "Build server", null]);
  assert.ok(key.apiKey.endsWith(row.partialKey) && row.partialKey.length < 8);
  assert.deepEqual((await told(as(key.apiKey).chats.list())).chats, []);
  assert.ok(Date.parse((await listed())[0].lastUsed));
  const deleted = await told(teams.deleteApiKey({ orgId, teamId, keyId: key.id }));
  assert.deepEqual(deleted, { id: key.id, name: "Build server", ownerId: teamId });
  assert.deepEqual(await listed(), []);
  await refused(as(key.apiKey).chats.list(), 401);
});

test("a team spends what it may, or else what its organization may", async () => {
  const { teams } = v0.organizations;
  await refused(v0.organizations.getSpendLimit({ orgId }), 404);
  const whole = await told(v0.organizations.setSpendLimit({ orgId, limit: 500 }));
  assert.deepEqual([whole.entityId, whole.limit, whole.source], [orgId, 500, "organization"]);
  assert.ok(whole.createdAt instanceof Date);
  assert.deepEqual(await told(v0.organizations.getSpendLimit({ orgId })), whole);
  const effective = () => told(teams.getSpendLimit({ orgId, teamId }));
  assert.deepEqual(await effective(), whole);
  const own = await told(teams.setSpendLimit({ orgId, teamId, limit: 80 }));
  assert.deepEqual([own.entityId, own.limit, own.source], [teamId, 80, "team"]);
  assert.deepEqual(await effective(), own);
  const deleted = await told(teams.deleteSpendLimit({ orgId, teamId }));
  assert.deepEqual(deleted, { success: true });
  assert.deepEqual(await effective(), whole);
  await refused(as(MEMBER).organizations.setSpendLimit({ orgId, limit: 1 }), 403);
  await refused(teams.setSpendLimit({ orgId, teamId, limit: 0.5 }), 422);
});

test("errors are results, or thrown where that is wished", async () => {
  await refused(as("no-key").chats.list(), 401);
  await refused(v0.chats.get({ chatId: "none" }), 404);
  await refused(v0.chats.create({ message: "" }), 422);
  const thrown = v0.chats.get({ chatId: "none" }, { throwOnError: true });
  await assert.rejects(thrown, ({ message }) => message.length > 0);
});

test("a key can be fetched for each request", async () => {
  const asked = [];
  const client = as(({ scheme }) => {
    asked.push(scheme);
    return process.env.V0_API_KEY;
  });
  await told(client.chats.list());
  await told(client.webhooks.list());
  assert.deepEqual(asked, ["bearer", "bearer"]);
});

test("a token that Vercel gives its own deployments is a key like others", async () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const token = `${part({ alg: "none" })}.${part({ exp })}.unsigned`;
  await control("keys", { key: token });
  process.env.VERCEL_OIDC_TOKEN = token;
  await told(as(vercelOidcAuth()).chats.list());
  await control("revoke", { key: token });
  await refused(as(vercelOidcAuth()).chats.list(), 401);
  await told(as(vercelOidcAuth({ getToken: () => process.env.V0_API_KEY })).chats.list());
});

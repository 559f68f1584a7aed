// Who one is, what one spends, hooks and MCP servers of v1, through v0's SDK; and its errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { as, baseUrl, ids, newChat, refused, v0 } from "./v1_client.mjs";

const MEMBER = "v0-demo-member";
const tomorrow = (time) => new Date(Date.parse(time) + 86_400_000).toISOString();

test("people know who they are", async () => {
  const user = await v0.user.get();
  assert.deepEqual([user.object, user.email], ["user", "owner@example.com"]);
  assert.ok((await fetch(user.avatar)).ok);
  const { data } = await v0.user.getScopes();
  assert.deepEqual(data.map(({ name }) => name), ["Olivia Owner", "Harbor Studio"]);
});

test("the plan, the bill and the limits are told per scope", async () => {
  const [personal, team] = ids((await v0.user.getScopes()).data);
  const plan = await v0.user.getPlan();
  const billing = await v0.user.getBilling({ scope: team });
  assert.deepEqual([plan.plan, billing.billingType, billing.data.plan], ["team", "token", "team"]);
  assert.deepEqual(billing.data.balance, plan.balance);
  assert.ok(plan.billingCycle.start < plan.billingCycle.end);
  assert.deepEqual(await v0.user.getBilling(), billing);
  const legacy = await v0.user.getBilling({ scope: personal });
  assert.equal(legacy.billingType, "legacy");
  const limits = await v0.rateLimits.find({ scope: team });
  assert.deepEqual(limits, legacy.data);
  await newChat();
  assert.equal((await v0.rateLimits.find()).remaining, limits.remaining - 1);
  const own = await as(MEMBER).rateLimits.find();
  assert.equal(own.dailyLimit.isWithinGracePeriod, false);
  await refused(v0.user.getBilling({ scope: "elsewhere" }), 403, "forbidden_error");
});

test("what was spent is reported, in pages", async () => {
  const chat = await newChat({ modelConfiguration: { modelId: "v0-max" } });
  const [messageId, userId] = [chat.messages[1].id, chat.authorId];
  const { data } = await v0.reports.getUsage({ chatId: chat.id, limit: 150 });
  assert.equal(data.length, 1);
  const [row] = data;
  assert.deepEqual([row.chatId, row.messageId, row.user.id], [chat.id, messageId, userId]);
  assert.equal(Number(row.totalCost).toFixed(6), row.totalCost);
  assert.ok(Number(row.totalCost) > 0);
  const end = tomorrow(row.createdAt);
  assert.deepEqual((await v0.reports.getUsage({ messageId, userId, endDate: end })).data, data);
  assert.deepEqual((await v0.reports.getUsage({ messageId, startDate: end })).data, []);
  const pages = [];
  let cursor;
  do {
    const page = await v0.reports.getUsage({ limit: 2, cursor });
    pages.push(...page.data);
    cursor = page.pagination.nextCursor;
    assert.equal(page.pagination.hasMore, cursor !== undefined);
  } while (cursor);
  assert.deepEqual(pages, (await v0.reports.getUsage({ limit: 150 })).data);
});

test("tokens are reported, in pages", async () => {
  const chat = await newChat({ modelConfiguration: { modelId: "v0-max" } });
  const whole = await v0.reports.getAIUsage();
  const row = whole.data.find(({ chatId }) => chatId === chat.id);
  assert.deepEqual([row.modelId, row.userEmail], ["v0-max", "owner@example.com"]);
  const kinds = ["inputTokens", "outputTokens", "cacheCreationInputTokens", "cacheReadInputTokens"];
  assert.equal(row.totalTokens, kinds.reduce((sum, kind) => sum + row[kind], 0));
  const { data, pagination } = await v0.reports.getAIUsage({ limit: 1 });
  const cursor = pagination.nextCursor;
  const rest = await v0.reports.getAIUsage({ limit: 5000, cursor });
  assert.deepEqual([...data, ...rest.data], whole.data);
  assert.equal(rest.pagination.nextCursor, null);
  const [start, end] = [row.timestamp, tomorrow(row.timestamp)];
  assert.ok((await v0.reports.getAIUsage({ start, end })).data.some((r) => r.chatId === chat.id));
  assert.deepEqual((await v0.reports.getAIUsage({ start: end })).data, []);
});

test("who was active is reported to owners", async () => {
  const { createdAt } = await newChat();
  const range = { startDate: createdAt, endDate: tomorrow(createdAt) };
  const report = await v0.reports.getUserActivity(range);
  const row = report.data.find(({ user }) => user.email === "owner@example.com");
  assert.equal(row.firstActivity, createdAt);
  assert.ok(row.chatCount >= 1 && row.messageCount >= row.chatCount);
  const before = { endDate: "2001-01-01T00:00:00Z" };
  const none = await v0.reports.getUserActivity(before);
  assert.ok(none.data.every(({ messageCount }) => messageCount === 0));
  await refused(as(MEMBER).reports.getUserActivity(), 403, "forbidden_error");
});

test("a hook is made, found, changed and deleted", async () => {
  const { id: chatId } = await newChat();
  const given = { name: "Ours", events: ["message.finished"], url: "https://hooks.example/1" };
  const hook = await v0.hooks.create({ ...given, chatId });
  const { id: hookId } = hook;
  assert.deepEqual(hook, { id: hookId, object: "hook", ...given, chatId });
  const changes = { name: "Theirs", events: ["chat.created"], url: "https://hooks.example/2" };
  const changed = await v0.hooks.update({ hookId, ...changes });
  assert.deepEqual(changed, { ...hook, ...changes });
  assert.deepEqual(await v0.hooks.getById({ hookId }), changed);
  const { data } = await v0.hooks.find();
  assert.deepEqual(data, [{ id: hookId, object: "hook", name: "Theirs" }]);
  const deleted = await v0.hooks.delete({ hookId });
  assert.deepEqual(deleted, { id: hookId, object: "hook", deleted: true });
  await refused(v0.hooks.getById({ hookId }), 404, "not_found_error");
});

test("an MCP server is made, found, changed, authorized and deleted", async () => {
  const config = {
    authorizationUrl: "https://id.example/authorize",
    tokenUrl: "https://id.example/token",
    clientId: "dashboard",
    scopes: ["read"],
  };
  const given = { name: "Notion", url: "https://mcp.example/sse", description: "Pages" };
  const auth = { type: "bearer", token: "t0ken" };
  const server = await v0.mcpServers.create({ ...given, enabled: false, auth, scope: "team" });
  const { id: mcpServerId } = server;
  assert.deepEqual({ ...server, ...given, enabled: false, scope: "team" }, server);
  assert.deepEqual(server.auth, { type: "bearer" });
  const back = { mcpServerId, returnUrl: "https://app.example/back" };
  const early = v0.mcpServers.createOAuthAuthorizationUrl(back);
  await refused(early, 422, "unprocessable_entity_error");
  const changes = { enabled: true, auth: { type: "oauth", config } };
  const changed = await v0.mcpServers.update({ mcpServerId, ...changes });
  assert.deepEqual([changed.enabled, changed.name], [true, "Notion"]);
  assert.deepEqual(changed.auth, { type: "oauth" });
  assert.deepEqual(await v0.mcpServers.getById({ mcpServerId }), changed);
  assert.deepEqual((await v0.mcpServers.find()).data, [changed]);
  const granted = await v0.mcpServers.createOAuthAuthorizationUrl(back);
  assert.equal(granted.mcpServerId, mcpServerId);
  assert.equal(new URL(granted.url).searchParams.get("state"), granted.state);
  const deleted = await v0.mcpServers.delete({ mcpServerId });
  assert.deepEqual(deleted, { object: "mcp_server", id: mcpServerId, deleted: true });
  await refused(v0.mcpServers.getById({ mcpServerId }), 404, "not_found_error");
});

test("errors quote the status and the answer", async () => {
  await refused(as("no-key").user.get(), 401, "unauthorized_error");
  await refused(v0.chats.getById({ chatId: "none" }), 404, "not_found_error");
  await refused(v0.chats.create({ message: "" }), 422, "unprocessable_entity_error");
});

test("the session that an answer begins is named in the next request", async () => {
  const { fetch: real } = globalThis;
  const sent = [];
  globalThis.fetch = (url, options) => {
    sent.push(options.headers["x-session-token"]);
    return real(url, options);
  };
  try {
    const client = as(process.env.V0_API_KEY);
    await client.user.get();
    await client.user.get();
    const answer = await real(`${baseUrl}/user`, {
      headers: { authorization: `Bearer ${process.env.V0_API_KEY}` },
    });
    const token = answer.headers.get("x-session-token");
    assert.ok(token);
    assert.deepEqual(sent, [undefined, token]);
  } finally {
    globalThis.fetch = real;
  }
});

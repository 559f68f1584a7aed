// Projects of v1 with their variables and deployments, through v0's SDK.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control, ids, newChat, newProject, refused, v0 } from "./v1_client.mjs";

test("a project is made, found, changed and deleted", async () => {
  const given = { description: "Coffee", instructions: "Prices in euros", privacy: "private" };
  const project = await newProject({ ...given, icon: "icon-coffee" });
  const { id: projectId } = project;
  assert.deepEqual({ ...project, ...given, name: "Shop", object: "project" }, project);
  assert.deepEqual(project.chats, []);
  assert.deepEqual(await v0.projects.getById({ projectId }), project);
  const changed = await v0.projects.update({ projectId, name: "Bar", privacy: "team" });
  assert.deepEqual([changed.name, changed.privacy], ["Bar", "team"]);
  assert.equal(changed.instructions, "Prices in euros");
  assert.deepEqual(await v0.projects.getById({ projectId }), changed);
  const { data } = await v0.projects.find();
  assert.equal(data.find(({ id }) => id === projectId).name, "Bar");
  const deleted = await v0.projects.delete({ projectId });
  assert.deepEqual(deleted, { id: projectId, object: "project", deleted: true });
  await refused(v0.projects.getById({ projectId }), 404, "not_found_error");
});

test("a chat is assigned to a project, and outlives it only if that is wished", async () => {
  for (const deleteAllChats of [false, true]) {
    const [{ id: projectId }, { id: chatId }] = [await newProject(), await newChat()];
    await refused(v0.projects.getByChatId({ chatId }), 404, "not_found_error");
    const assigned = await v0.projects.assign({ projectId, chatId });
    assert.deepEqual(assigned, { object: "project", id: projectId, assigned: true });
    const project = await v0.projects.getByChatId({ chatId });
    assert.deepEqual([project.id, ids(project.chats)], [projectId, [chatId]]);
    await v0.projects.delete({ projectId, deleteAllChats });
    const chat = v0.chats.getById({ chatId });
    if (deleteAllChats) await refused(chat, 404, "not_found_error");
    else assert.equal((await chat).projectId, undefined);
  }
});

test("variables are sealed unless they are asked for in the clear", async () => {
  const environmentVariables = [{ key: "TOKEN", value: "s3cret" }];
  const { id: projectId } = await newProject({ environmentVariables });
  const [sealed] = (await v0.projects.findEnvVars({ projectId })).data;
  assert.deepEqual([sealed.key, sealed.decrypted], ["TOKEN", false]);
  assert.ok(!sealed.value.includes("s3cret"));
  const [clear] = (await v0.projects.findEnvVars({ projectId, decrypted: true })).data;
  assert.deepEqual(clear, { ...sealed, value: "s3cret", decrypted: true });
  const one = { projectId, environmentVariableId: sealed.id };
  assert.deepEqual((await v0.projects.getEnvVar(one)).data, sealed);
  assert.deepEqual((await v0.projects.getEnvVar({ ...one, decrypted: true })).data, clear);
});

test("variables are made, replaced, changed and deleted", async () => {
  const { id: projectId } = await newProject();
  const decrypted = true;
  const given = (value) => ({ projectId, decrypted, environmentVariables: [{ key: "A", value }] });
  const values = async () =>
    (await v0.projects.findEnvVars({ projectId, decrypted })).data.map(({ value }) => value);
  const [made] = (await v0.projects.createEnvVars(given("1"))).data;
  assert.deepEqual([made.key, made.value], ["A", "1"]);
  await refused(v0.projects.createEnvVars(given("2")), 409, "conflict_error");
  assert.deepEqual(await values(), ["1"]);
  const [replaced] = (await v0.projects.createEnvVars({ ...given("2"), upsert: true })).data;
  assert.equal(replaced.id, made.id);
  assert.deepEqual(await values(), ["2"]);
  const environmentVariables = [{ id: made.id, value: "3" }];
  await v0.projects.updateEnvVars({ projectId, environmentVariables });
  assert.deepEqual(await values(), ["3"]);
  const environmentVariableIds = [made.id];
  const { data } = await v0.projects.deleteEnvVars({ projectId, environmentVariableIds });
  assert.deepEqual(data, [{ id: made.id, object: "environment_variable", deleted: true }]);
  assert.deepEqual(await values(), []);
});

test("a Vercel project is made for a project, and another one can be linked", async () => {
  const project = await newProject();
  const { data } = await v0.integrations.vercel.projects.find();
  assert.ok(ids(data).includes(project.vercelProjectId));
  const given = { projectId: project.id, name: "shop-web" };
  const made = await v0.integrations.vercel.projects.create(given);
  assert.equal(made.name, "shop-web");
  assert.ok(ids((await v0.integrations.vercel.projects.find()).data).includes(made.id));
  const linked = await v0.projects.getById({ projectId: project.id });
  assert.equal(linked.vercelProjectId, made.id);
});

test("a version is deployed, with a log that grows", async () => {
  const { id: projectId } = await newProject();
  const { id: chatId, latestVersion } = await newChat({ projectId });
  const given = { projectId, chatId, versionId: latestVersion.id };
  const made = await v0.deployments.create(given);
  assert.deepEqual({ ...made, ...given }, made);
  const { id: deploymentId } = made;
  assert.deepEqual(await v0.deployments.getById({ deploymentId }), made);
  assert.deepEqual((await v0.deployments.find(given)).data, [made]);
  await control("advance", { seconds: 10 });
  const begun = await v0.deployments.findLogs({ deploymentId });
  assert.ok(begun.logs.every((line) => line.deploymentId === deploymentId && line.text));
  await control("advance", { seconds: 60 });
  const rest = await v0.deployments.findLogs({ deploymentId, since: begun.nextSince });
  const whole = await v0.deployments.findLogs({ deploymentId });
  assert.ok(begun.logs.length && rest.logs.length);
  assert.deepEqual([...begun.logs, ...rest.logs], whole.logs);
  assert.equal(whole.nextSince, undefined);
  assert.ok((await fetch(made.webUrl)).ok);
  assert.deepEqual(await v0.deployments.findErrors({ deploymentId }), {});
  const deleted = await v0.deployments.delete({ deploymentId });
  assert.deepEqual(deleted, { id: deploymentId, object: "deployment", deleted: true });
  await refused(v0.deployments.getById({ deploymentId }), 404, "not_found_error");
});

test("a deployment that fails says why", async () => {
  const chat = await newChat({ message: "Break the build of a shop" });
  const given = { chatId: chat.id, versionId: chat.latestVersion.id };
  const { id: deploymentId } = await v0.deployments.create(given);
  await control("advance", { seconds: 60 });
  const told = await v0.deployments.findErrors({ deploymentId });
  const { logs } = await v0.deployments.findLogs({ deploymentId });
  const errors = logs.filter(({ level }) => level === "error").map(({ text }) => text);
  assert.ok(told.errorType && told.formattedError);
  assert.ok(errors.join("\n").includes(told.fullErrorText));
  assert.ok(logs.filter(({ level }) => level === "error").every(({ type }) => type === "stderr"));
});

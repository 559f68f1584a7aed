// v0's SDK for v2 as the checks use it, and ways to the simulator beside it.
import assert from "node:assert/strict";
import { createV0Client } from "v0";
import { watched } from "./methods.mjs";

const { V0_BASE_URL: baseUrl, V0_API_KEY } = process.env;

export const { client: v0, missing } = watched(createV0Client({ auth: V0_API_KEY, baseUrl }));

// A client of somebody else, or of nobody.
export const as = (auth) => createV0Client({ auth, baseUrl });

// What an operation answers; it has to go well.
export async function told(promise, status = 200) {
  const { data, error, response } = await promise;
  assert.equal(error, undefined);
  assert.equal(response.status, status);
  return data;
}

// The SDK's error result, which is v2's own shape.
export async function refused(promise, status) {
  const { data, error, response } = await promise;
  assert.equal(data, undefined);
  assert.equal(response.status, status);
  assert.ok(error.message);
  return error;
}

// Asks for something that the SDK does not know: `/_sim/…` moves the clock or breaks things.
export async function control(step, given) {
  const body = JSON.stringify(given);
  assert.ok((await fetch(`${baseUrl}/_sim/${step}`, { method: "POST", body })).ok);
}

// A chat whose first answer is complete, and its messages, newest first.
export const newChat = async (given = {}) =>
  (await told(v0.chats.create({ message: "Build a pricing page", ...given }))).chat;
export const messagesOf = async (chatId) =>
  (await told(v0.messages.list({ chatId, limit: 100 }))).messages;

// Names and contents of files, in the order of the names.
export const contents = (files) =>
  Object.fromEntries(files.map(({ path, content }) => [path, content]).sort());

// What is left of a value on the wire, where moments are texts.
export const wire = (value) => JSON.parse(JSON.stringify(value));

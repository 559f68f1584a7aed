// v0's SDK for v1 as the checks use it, and ways to the simulator beside it.
import assert from "node:assert/strict";
import { createClient } from "v0-sdk";
import { watched } from "./methods.mjs";

const { V0_BASE_URL, V0_API_KEY } = process.env;
export const baseUrl = `${V0_BASE_URL}/v1`;

export const { client: v0, missing } = watched(createClient({ apiKey: V0_API_KEY, baseUrl }));

// A client of somebody else, or of nobody.
export const as = (apiKey) => createClient({ apiKey, baseUrl });

// A chat whose first answer is complete.
export const newChat = (given = {}) =>
  v0.chats.create({ message: "Build a pricing page", ...given });

// A project with these variables.
export const newProject = (given = {}) => v0.projects.create({ name: "Shop", ...given });

// Asks for something that the SDK does not know: `/_sim/…` moves the clock or breaks things.
export async function control(step, given) {
  const body = JSON.stringify(given);
  assert.ok((await fetch(`${V0_BASE_URL}/_sim/${step}`, { method: "POST", body })).ok);
}

// The SDK's error, which quotes the answer.
export const refused = (promise, status, type) =>
  assert.rejects(promise, ({ message }) => {
    const [, code, body] = /^HTTP (\d+): (.*)$/s.exec(message);
    assert.equal(Number(code), status);
    assert.equal(JSON.parse(body).error.type, type);
    assert.ok(JSON.parse(body).error.message);
    return true;
  });

// Names and contents of files, in the order of the names.
export const contents = (files) =>
  Object.fromEntries(files.map(({ name, content }) => [name, content]).sort());

export const ids = (rows) => rows.map(({ id }) => id);

// An answer to each question in the last part of a message.
export function answers({ experimental_content: [[, nodes]] }) {
  const { questions } = nodes.at(-1)[1].part.parts[0];
  return questions.map(({ id, question, options }) => ({
    questionId: id,
    questionText: question,
    selectedLabels: [options[0].label],
  }));
}

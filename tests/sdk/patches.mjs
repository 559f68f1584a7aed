// Makes random documents and changes of them, and prints a line [before, delta, after] for each:
// the delta as jsondiffpatch wrote it, and what it, or v0's own SDK, made of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import * as jsondiffpatch from "jsondiffpatch/with-text-diffs";
import { createV0Client } from "v0";

const inside = "../../node_modules/v0/node_modules/jsondiffpatch/lib/with-text-diffs.js";
const older = await import(new URL(inside, import.meta.url));
const [seed, count] = readFileSync(0, "utf8").split(" ").map(Number);

// mulberry32: the same numbers on every machine.
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const below = (limit) => Math.floor(random() * limit);
const pick = (choices) => choices[below(choices.length)];
const times = (number, make) => Array.from({ length: number }, make);
const copy = (value) => structuredClone(value);

const KEYS = ["id", "a", "text", "parts", "_t", "_1", "0", "1", "_", "", "a b", "é", "🎉", "a.b/c"];
const PIECES = [
  ...["word ", "the ", "line\n", "\r\n", "🎉", "👩‍👩‍👧", "日本", "é", "e\u0301", "%20", "%", "+"],
  ...["@@ -1 +1 @@\n", "-gone", "\\", '"', "\t", "\u2028", "\u0000", "<b>", "&#", ";/?:@=$,"],
];
const text = (longest) => times(below(longest), () => pick(PIECES)).join("");
const NUMBERS = [0, 1, -1, 0.1, -2.5, 1e21, 1e-7, 2 ** 53 - 1, 1 / 3];

function value(depth) {
  const kind = below(depth > 0 ? 10 : 5);
  if (kind === 0) return pick([null, true, false]);
  if (kind === 1) return pick(NUMBERS);
  if (kind < 4) return text(4);
  if (kind === 4) return text(60);
  if (kind === 5) return object(depth);
  if (kind === 6) return times(below(6), () => value(depth - 1));
  // A list of things with identities, as most lists are.
  return times(below(8), (_, id) => ({ id, ...object(depth) }));
}

function object(depth) {
  const made = {};
  for (const key of times(below(4), () => pick(KEYS))) made[key] = value(depth - 1);
  return made;
}

// Another document, and mostly one that is alike.
function changed(before, depth) {
  if (random() < 0.1) return value(depth);
  if (typeof before === "string") return changedText(before);
  if (Array.isArray(before)) return changedList(before, depth);
  if (before === null || typeof before !== "object") return value(0);
  const after = {};
  for (const [key, inner] of Object.entries(before)) {
    if (random() < 0.15) continue;
    after[key] = key !== "id" && random() < 0.4 ? changed(inner, depth - 1) : inner;
  }
  if (random() < 0.3) after[pick(KEYS)] = value(depth - 1);
  return after;
}

function changedText(before) {
  const characters = [...before];
  characters.splice(below(characters.length + 1), random() < 0.5 ? below(12) : 0, text(5));
  return characters.join("");
}

function changedList(before, depth) {
  const after = before.map((item) => (random() < 0.2 ? changed(item, depth - 1) : item));
  for (let left = below(4); left; left--) {
    const place = below(after.length + 1);
    const what = below(3);
    if (what === 0) after.splice(place, 0, value(depth - 1));
    else if (what === 1) after.splice(place, 1);
    else after.splice(below(after.length), 0, ...after.splice(place, 1));
  }
  return after;
}

function options() {
  const chosen = { omitRemovedValues: random() < 0.2 };
  if (random() < 0.6) chosen.objectHash = (item, index) => item?.id ?? `at ${index}`;
  if (random() < 0.3) chosen.arrays = { detectMove: true, includeValueOnMove: true };
  if (random() < 0.7) chosen.textDiff = { minLength: 1 + below(60) };
  return chosen;
}

function compared(library) {
  const before = value(3);
  const after = changed(copy(before), 3);
  const patcher = library.create(options());
  let delta;
  try {
    delta = patcher.diff(copy(before), copy(after)) ?? null;
  } catch (error) {
    // The older text differ cannot write down a change inside of a surrogate pair.
    if (error instanceof URIError) return compared(library);
    throw error;
  }
  // jsondiffpatch takes a field called "_t" for its own mark, and gives up.
  if (!JSON.stringify([before, after]).includes('"_t":')) {
    assert.deepStrictEqual(patcher.patch(copy(before), copy(delta) ?? undefined), after);
  }
  return [before, delta, after];
}

// Appending is v0's own; it is known from its SDK alone, which has no door to it but a stream.
function appending() {
  const parts = times(1 + below(3), () => pick([text(3), nested(3), value(2)]));
  const path = times(below(6), () => (random() < 0.05 ? -1 : below(3)));
  return [parts, [[...path, text(3)], 9, 9]];
}

function nested(depth) {
  if (!depth) return text(2);
  return times(1 + below(3), () => (random() < 0.3 ? text(3) : nested(depth - 1)));
}

async function appended(cases) {
  const events = cases.flatMap(([parts, delta]) => [
    { object: "message", parts },
    { object: "message.parts.chunk", delta },
  ]);
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const answer = () => new Response(body, { headers: { "content-type": "text/event-stream" } });
  const given = { auth: "key", baseUrl: "http://v0.test", fetch: async () => answer() };
  const client = createV0Client(given);
  const result = await client.messages.sendStream({ chatId: "chat", message: "Hello" });
  const states = [];
  for await (const update of result.stream) states.push(update.parts);
  return cases.map(([parts, delta], i) => [parts, delta, states[2 * i + 1]]);
}

const cases = times(count, () => compared(random() < 0.5 ? jsondiffpatch : older));
cases.push(...(await appended(times(Math.floor(count / 10), appending))));
process.stdout.write(cases.map((one) => `${JSON.stringify(one)}\n`).join(""));

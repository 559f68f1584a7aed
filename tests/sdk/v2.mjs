// Everything that the package v0 offers, against the simulator.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./v2_account.mjs";
import "./v2_chats.mjs";
import "./v2_messages.mjs";
import "./v2_streams.mjs";
import { missing } from "./v2_client.mjs";

test("every method of the package was called", () => assert.deepEqual([...missing], []));

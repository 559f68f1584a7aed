// Everything that the package v0-sdk offers, against the simulator.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./v1_account.mjs";
import "./v1_chats.mjs";
import "./v1_messages.mjs";
import "./v1_projects.mjs";
import "./v1_streams.mjs";
import "./v1_versions.mjs";
import { missing } from "./v1_client.mjs";

test("every method of the package was called", () => assert.deepEqual([...missing], []));

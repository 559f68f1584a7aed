// The job of test_client.py with v0's own SDK: lists all chats and reads each with its versions.
// Is told how many chats may be in work at once, a line a round; tells how many were read and in
// how many seconds.
import { createInterface } from "node:readline";
import { createClient } from "v0-sdk";

const { V0_BASE_URL, V0_API_KEY } = process.env;
const v0 = createClient({ apiKey: V0_API_KEY, baseUrl: `${V0_BASE_URL}/v1` });

async function* chats() {
  for (let offset = 0; ; offset += 60) {
    const { data } = await v0.chats.find({ limit: 60, offset });
    yield* data;
    if (data.length < 60) return;
  }
}

async function read({ id: chatId }) {
  await v0.chats.getById({ chatId });
  await v0.chats.findVersions({ chatId });
}

async function round(atOnce) {
  const listed = chats();
  let count = 0;
  const worker = async () => {
    for (;;) {
      const { value, done } = await listed.next();
      if (done) return;
      await read(value);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return count;
}

for await (const line of createInterface({ input: process.stdin })) {
  const started = performance.now();
  const count = await round(Number(line));
  console.log(count, (performance.now() - started) / 1000);
}

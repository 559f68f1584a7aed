// Reads archives with nothing but Node.js: names and contents of their files, by name.
import { gunzipSync, inflateRawSync } from "node:zlib";

const sorted = (files) => Object.fromEntries(files.sort());

// A .zip begins with its files and ends with a directory that says where they are.
export function unzipped(archive) {
  const bytes = Buffer.from(archive);
  const end = bytes.lastIndexOf("PK\x05\x06");
  const files = [];
  let place = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left; left--) {
    const [size, length] = [bytes.readUInt32LE(place + 20), bytes.readUInt16LE(place + 28)];
    const name = bytes.toString("utf8", place + 46, place + 46 + length);
    const header = bytes.readUInt32LE(place + 42);
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    files.push([name, inflateRawSync(bytes.subarray(start, start + size)).toString()]);
    place += 46 + length + bytes.readUInt16LE(place + 30) + bytes.readUInt16LE(place + 32);
  }
  return sorted(files);
}

// A .tar is blocks of 512 bytes: a header, then the content.
export function untarred(archive) {
  const bytes = gunzipSync(Buffer.from(archive));
  const files = [];
  for (let place = 0; bytes[place]; ) {
    const text = (start, end) => bytes.toString("utf8", place + start, place + end).split("\0")[0];
    const size = Number.parseInt(text(124, 136), 8);
    files.push([text(0, 100), bytes.toString("utf8", place + 512, place + 512 + size)]);
    place += 512 + Math.ceil(size / 512) * 512;
  }
  return sorted(files);
}

// Watches which methods of a client were called.

// The same client, method by method, and the names of those nobody has called yet.
export function watched(client) {
  const missing = new Set();
  return { client: mirror(client, "", missing), missing };
}

function mirror(part, prefix, missing) {
  const shown = {};
  for (const name of names(part)) {
    const path = prefix + name;
    const value = part[name];
    if (typeof value === "function") {
      missing.add(path);
      shown[name] = (...given) => {
        missing.delete(path);
        return value.apply(part, given);
      };
    } else if (value !== null && typeof value === "object") {
      shown[name] = mirror(value, `${path}.`, missing);
    }
  }
  return shown;
}

// What an object offers itself, and what its class does.
function names(part) {
  const own = Object.keys(part);
  const type = Object.getPrototypeOf(part);
  const inherited = type === Object.prototype ? [] : Object.getOwnPropertyNames(type);
  return [...own, ...inherited].filter((name) => !/^(_.*|client|constructor)$/.test(name));
}

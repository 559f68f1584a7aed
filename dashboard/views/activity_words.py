"""How the rows of the history read: a sentence for each verb, and values of before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.models import Activity
from dashboard.templatetags.ui import PRIVACY, words

AREAS = {
    "chat": ("Chats", "chat"),
    "message": ("Messages", "send"),
    "ask": ("Answers to v0", "inbox"),
    "project": ("Projects", "project"),
    "deployment": ("Deployments", "rocket"),
    "file": ("Files", "file"),
    "version": ("Versions", "history"),
    "playground": ("Playground", "wand"),
    "key": ("Keys", "key"),
    "webhook": ("Webhooks", "bell"),
    "member": ("People", "people"),
    "team": ("Team", "settings"),
    "sync": ("Syncs", "sync"),
}
SAID = {  # what stands between the person's name and what it was done to
    "chat.create": "started the chat",
    "chat.rename": "renamed the chat",
    "chat.privacy": "changed who sees the chat",
    "chat.favorite": "changed the favourite state of the chat",
    "chat.assign": "assigned the chat",
    "chat.unassign": "unassigned the chat",
    "chat.prompt": "sent a prompt to the chat",
    "chat.fix": "asked v0 to fix an error in the chat",
    "chat.stop": "stopped v0 in the chat",
    "chat.delete": "deleted the chat",
    "chat.fork": "forked the chat",
    "chat.carry": "carried to v2 the chat",
    "file.edit": "edited",
    "file.add": "added",
    "file.delete": "deleted",
    "file.lock": "locked",
    "file.unlock": "unlocked",
    "version.restore": "restored an earlier version of the chat",
    "version.restore_part": "restored only a part of an earlier version of the chat",
    "message.send": "sent a message to the chat",
    "ask.answer": "answered v0 in the chat",
    "ask.allow": "allowed, as the first of two, what v0 asks in the chat",
    "ask.withdraw": "took back what was allowed in the chat",
    "project.create": "created the project",
    "project.edit": "edited the project",
    "deployment.create": "deployed",
    "deployment.delete": "deleted the deployment of",
    "playground.run": "asked in the playground the model",
    "key.add": "added the key",
    "key.rename": "renamed the key",
    "key.share": "changed the sharing of the key",
    "key.pause": "paused the key",
    "key.resume": "resumed the key",
    "key.state": "changed the state of the key",
    "key.check": "checked the key",
    "key.remove": "removed the key",
    "webhook.add": "added the webhook",
    "webhook.change": "changed the webhook",
    "webhook.delete": "deleted the webhook",
    "team.create": "created the team",
    "team.change": "changed the settings of the team",
    "team.preview_hosts": "changed the trusted preview hosts of v0 with",
    "team.edit": "changed the settings of the team",
    "member.add": "added",
    "member.role": "changed the role of",
    "member.remove": "removed",
    "sync.start": "started a sync of",
}
# Verbs whose new value says more than the verb: field, then the words per value.
OUTCOMES: dict[str, tuple[str, dict[object, str]]] = {
    "chat.favorite": ("favorite", {True: "favourited the chat", False: "unfavourited the chat"}),
    "key.share": ("shared", {True: "shared the key", False: "stopped sharing the key"}),
    "key.state": ("state", {"ok": "resumed the key", "paused": "paused the key"}),
}
IRREGULAR = {"send": "sent", "run": "ran", "set": "set", "reset": "reset", "take": "took"}
LONGEST = 160


def outcome(row: Activity) -> str:
    """Words for a change that has only a few outcomes; "" where the general ones do."""
    name, phrases = OUTCOMES.get(row.verb, ("", {}))
    return phrases.get(row.after.get(name), "")


def said(verb: str) -> str:
    """A verb of the history in words; one that is not in the list still reads as a sentence."""
    if verb in SAID:
        return SAID[verb]
    area, _, done = verb.partition(".")
    first, _, rest = done.replace("_", " ").replace("-", " ").partition(" ")
    noun = str(words(area)).lower()
    return " ".join(part for part in (past(first), rest, "the", noun) if part)


def past(verb: str) -> str:
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return f"{verb}ed" if verb else "changed"


def told(value: Any) -> str:
    """A value of before or after, for people."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(told(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{words(name)} {told(item)}" for name, item in value.items())
    text = PRIVACY[value][0] if value in PRIVACY else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def sentence(row: Activity) -> str:
    """What stands between the actor's name and the target."""
    text = outcome(row) or said(row.verb)
    return text if row.actor else f"A closed account {text}"

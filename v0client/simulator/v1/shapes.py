"""How v1 writes the simulator's records as JSON. Only declared fields, nothing decided here."""

from __future__ import annotations

from typing import Any

from v0client.simulator import generation, script, writer
from v0client.simulator.clock import iso
from v0client.simulator.exchange import Call, dump
from v0client.simulator.records import Chat, File, Message, Person, Version
from v0client.simulator.store import may_write

Shape = dict[str, Any]


def version_summary(call: Call, version: Version, *, dark: bool = False) -> Shape:
    """A version without its files; `dark` where the dark picture is declared as well."""
    base, status = call.simulator.base_url, generation.status(version, call.now)
    shape: Shape = {"id": version.id, "object": "version", "status": status}
    if status == "completed":
        shape["demoUrl"] = f"{base}/preview/{version.id}"
        shape["screenshotUrl"] = f"{base}/screenshot/{version.id}.svg"
        if dark:
            shape["darkScreenshotUrl"] = f"{base}/screenshot/{version.id}-dark.svg"
    shape["createdAt"] = iso(version.created_at)
    changed = version.updated_at
    if changed is None and version.finished_at <= call.now:
        changed = version.finished_at
    if changed is not None:
        shape["updatedAt"] = iso(changed)
    return shape


def version_detail(call: Call, version: Version, *, defaults: bool = False) -> Shape:
    """A version with its files; nothing is in it before it is completed."""
    shape = version_summary(call, version)
    ready = shape["status"] == "completed"
    files = writer.files(version, defaults=defaults) if ready else []
    shape["files"] = [file_shape(file) for file in files]
    return shape


def file_shape(file: File) -> Shape:
    return {"object": "file", "name": file.name, "content": file.content, "locked": file.locked}


def message(call: Call, record: Message, *, hidden: bool = False) -> Shape:
    """A message; `hidden` leaves out what a stream is about to tell."""
    run = record.run
    shape: Shape = {"id": record.id, "object": "message", "content": record.text}
    if run is not None:
        shape["content"] = ""
        if not hidden:
            played, share = generation.played(run), generation.share(run, call.now)
            shape["content"] = script.markdown(played, share)
            shape["experimental_content"] = script.content(played, share)
    shape["createdAt"] = iso(record.created_at)
    if run is not None and run.finished_at <= call.now:
        shape["updatedAt"] = iso(run.finished_at)
    shape["type"] = record.type
    shape["role"] = record.role
    if run is not None and (reason := generation.finish_reason(run, call.now)):
        shape["finishReason"] = reason
    base = call.simulator.base_url
    shape["apiUrl"] = f"{base}/v1/chats/{record.chat_id}/messages/{record.id}"
    shape["authorId"] = record.author_id
    shape["parentId"] = record.parent_id
    if record.attachments:
        shape["attachments"] = [{"url": url, "size": len(url)} for url in record.attachments]
    return shape


def chat_base(call: Call, chat: Chat) -> Shape:
    """What summary and detail share, before the latest version."""
    base = call.simulator.base_url
    shape: Shape = {
        "id": chat.id,
        "object": "chat",
        "shareable": chat.privacy != "private",
        "privacy": chat.privacy,
    }
    if chat.name is not None and chat.named_at <= call.now:
        shape["name"] = shape["title"] = chat.name
    shape["createdAt"] = iso(chat.created_at)
    shape["updatedAt"] = iso(chat.updated_at)
    shape["favorite"] = chat.favorite
    shape["authorId"] = chat.author_id
    if chat.project_id and (project := call.store.projects.get(chat.project_id)):
        shape["projectId"] = project.id
        shape["vercelProjectId"] = project.vercel_project_id
    shape["webUrl"] = f"{base}/chat/{chat.id}"
    shape["apiUrl"] = f"{base}/v1/chats/{chat.id}"
    return shape


def settled(chat: Chat, now: float) -> bool:
    """Nothing about the chat changes by time alone any more."""
    return chat.named_at <= now and generation.running(chat, now) is None


def chat_summary(call: Call, chat: Chat, *, dark: bool = True) -> Shape:
    """A row of a list."""
    shape = chat_base(call, chat)
    if chat.versions:
        shape["latestVersion"] = version_summary(call, chat.versions[-1], dark=dark)
    return shape


def chat_row(call: Call, chat: Chat) -> bytes:
    """The same, written once per change."""
    if (written := chat.written.get("row")) is not None:
        return written
    row = dump(chat_summary(call, chat))
    if settled(chat, call.now):
        chat.written["row"] = row
    return row


def chat_detail(call: Call, chat: Chat, *, hidden: bool = False) -> Shape:
    """A chat with its messages and the files of its latest version."""
    shape = chat_base(call, chat)
    if chat.versions:
        shape["latestVersion"] = version_detail(call, chat.versions[-1])
        if demo := shape["latestVersion"].get("demoUrl"):
            shape["demo"] = demo
    shape["url"] = shape["webUrl"]
    hide = generation.running(chat, call.now) if hidden else None
    shape["messages"] = [message(call, m, hidden=m is hide) for m in chat.messages]
    answers = [m for m in shape["messages"] if m["role"] == "assistant"]
    shape["text"] = answers[-1]["content"] if answers else ""
    if chat.model is not None:
        shape["modelConfiguration"] = chat.model
    shape["permissions"] = {"write": may_write(chat, call.person)}
    shape["metadata"] = chat.metadata
    return shape


def chat_page(call: Call, chat: Chat) -> bytes:
    """The detail, written once per change and permission."""
    slot = ("detail", may_write(chat, call.person))
    if (written := chat.written.get(slot)) is not None:
        return written
    page = dump(chat_detail(call, chat))
    if settled(chat, call.now):
        call.store.keep(chat, slot, page)
    return page


def user(call: Call, person: Person) -> Shape:
    return {
        "id": person.id,
        "object": "user",
        "name": person.name,
        "email": person.email,
        "avatar": f"{call.simulator.base_url}/avatar/{person.id}.svg",
        "createdAt": iso(person.created_at),
    }

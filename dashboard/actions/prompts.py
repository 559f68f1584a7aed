"""Prompts: beginning a chat, and going on with one. What may be asked for is in chat_requests.py;
that each is sent once, in submissions.py."""

from __future__ import annotations

import textwrap
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from dashboard import access, channels
from dashboard.actions import Invalid, acting, history, submissions
from dashboard.actions.chat_requests import ChatRequest, Upload
from dashboard.actions.states import keep_present
from dashboard.models import Ask, Chat, Deployment, Key, Membership, Submission
from dashboard.sync import store
from dashboard.upstream import Remote
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import ChatRecord

FIRST_LOOK = timedelta(seconds=2)
TWO_FIRST = (
    "v0 waits for leave to do something dangerous here, which two people of this team have to "
    "give. Allow or refuse that first."
)


def create_chat(
    *, member: Membership, nonce: uuid.UUID, request: ChatRequest, key: Key | None = None
) -> Submission:
    """Starts a chat in the team's generation. It is written in the background; the page follows
    the row. A chat that begins with code gets its prompt, if there is one, as its first message."""
    access.require(member, "chat-create")
    generation = member.team.generation
    request = request.checked(generation)
    if request.project is not None:
        acting.see_project(member, request.project)
    chosen = chosen_key(member, key)

    def send(remote: Remote) -> Chat:
        record = begin(remote.of(generation), str(nonce), request)
        with transaction.atomic():
            chat = store.store_chat(chosen, record)
            chat = look_soon(chat) if request.source else watch(chat)
            # v0 names a chat while it writes; until then the prompt says best what it is about.
            called = chat.name or textwrap.shorten(request.prompt, 80, placeholder="…")
            after = {"name": called, "privacy": chat.privacy, "model": request.model_id}
            history.record(member, "chat.create", target=called, chat=chat, key=chosen, after=after)
        return chat

    kind = "import" if request.source else "chat"
    fields = {"kind": kind, "generation": generation, **request.as_fields()}
    sent = submissions.submit(member, nonce, chosen, fields, send)
    if request.source and request.prompt and sent.chat and sent.state == Submission.State.SENT:
        prompt = replace(request, source=None, archive=None)  # these have arrived
        return send_request(member, sent.chat, first_nonce(nonce), prompt)
    return sent


def begin(remote: Remote, nonce: str, request: ChatRequest) -> ChatRecord:
    if request.source is not None:
        return remote.import_chat(request.source, nonce=nonce, **request.as_chat())
    return remote.create_chat(nonce=nonce, **request.as_prompt(), **request.as_chat())


def first_nonce(nonce: uuid.UUID) -> uuid.UUID:
    """The nonce of the prompt that follows a chat's code."""
    return uuid.uuid5(nonce, "first prompt")


def send_message(
    *,
    member: Membership,
    chat: Chat,
    nonce: uuid.UUID,
    prompt: str,
    model_id: str = "",
    attachments: tuple[str, ...] = (),
    uploads: tuple[Upload, ...] = (),
    mcp_server_ids: tuple[str, ...] = (),
) -> Submission:
    """Continues a chat. v0 refuses two prompts at once."""
    access.require(member, "chat-create")
    request = ChatRequest(
        prompt,
        model_id=model_id,
        attachments=tuple(attachments),
        uploads=tuple(uploads),
        mcp_server_ids=tuple(mcp_server_ids),
        **wishes(submissions.unsent(member, chat, but=nonce)),
    )
    return send_request(member, chat, nonce, request.checked(chat.generation))


def wishes(left: Submission | None) -> dict[str, Any]:
    """What a chat's first prompt, which v0 refused, asked for and composers have no fields for: it
    goes along with what is sent in its place."""
    asked = left.request if left is not None else {}
    found = {
        name: asked[name] for name in ("system", "image_generations", "thinking") if asked.get(name)
    }
    return found | ({"skills": tuple(asked["skills"])} if asked.get("skills") else {})


def send_request(
    member: Membership,
    chat: Chat,
    nonce: uuid.UUID,
    request: ChatRequest,
    *,
    fixes: bool = False,
    deployment: Deployment | None = None,
) -> Submission:
    """Sends a checked request to a chat that exists; one that `fixes` tells v0 of an error, maybe
    of this deployment's."""
    acting.see_chat(member, chat)
    key = acting.key_for(member, chat, to_write=True)
    danger = Ask.objects.waiting().filter(chat=chat, is_dangerous=True)
    if member.team.two_for_danger and danger.exists():
        raise Refused(TWO_FIRST, kind="conflict")  # v0 could take the prompt for an answer

    def send(remote: Remote) -> Chat:
        v0 = remote.of(chat.generation)
        keep_present(key, v0, chat)
        try:
            if fixes:
                record = v0.fix_error(chat.upstream_id, prompt=request.prompt)
            else:
                record = v0.send_message(chat.upstream_id, **request.as_prompt())
        except Refused as refusal:
            raise submissions.while_writing(chat, refusal) from None
        with transaction.atomic():
            stored = watch(store.store_chat(key, record))
            history.record(
                member, "chat.fix" if fixes else "chat.prompt", target=stored, chat=stored, key=key,
                deployment=deployment, after={"prompt": request.prompt[:500]},
            )  # fmt: skip
        return stored

    newest = chat.messages.order_by("-created_at", "-id").first()
    # What stood last in the chat: a lost prompt is looked for behind it.
    behind = newest.upstream_id if newest else ""
    kind = "fix" if fixes and deployment is None else "message"  # of a fix nobody wrote the words
    fields = {"kind": kind, **request.as_fields(), "behind": behind}
    return submissions.submit(member, nonce, key, fields, send, chat=chat)


def chosen_key(member: Membership, key: Key | None) -> Key:
    if key is None:
        return acting.key_for(member)
    found = acting.usable_keys(member).filter(pk=key.pk).first()
    if found is None:
        raise Invalid("key", "This key cannot be used. Choose another one.")
    return found


def watch(chat: Chat) -> Chat:
    """Shows the chat as running at once and has it looked at until it is finished."""
    now = timezone.now()
    chat.status, chat.running_since, chat.follow_at = Chat.Status.RUNNING, now, now + FIRST_LOOK
    chat.save(update_fields=["status", "running_since", "follow_at"])
    transaction.on_commit(lambda: channels.begun(chat.pk))
    return chat


def look_soon(chat: Chat) -> Chat:
    """Has the rest of a chat fetched that v0 has not told with its answer."""
    chat.follow_at = timezone.now()
    chat.save(update_fields=["follow_at"])
    return chat

"""What the page of a chat offers to do with the chat and the version that is shown, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode

from dashboard.access import TeamRequest, why_not
from dashboard.actions import acting
from dashboard.actions.acting import Standing
from dashboard.actions.deployments import EDITED, ONLY_AS_IT_IS
from dashboard.actions.forks import NOT_STORED
from dashboard.models import Chat, Version
from dashboard.templatetags.chats import web_address
from dashboard.upstream import can as offers
from dashboard.views.reasons import (
    GONE,
    WRITING,
    chat_bars,
    is_writing,
    needs_key,
    version_bars,
)

NEWEST = "This is the newest version."
IS_V2 = "This chat is in v2 already."
NONE_FINISHED = "No version of this chat is finished, so there is nothing to carry."


@dataclass(frozen=True)
class Control:
    """An entry of a menu, or a button. `why` says why it cannot be used; "" where it can."""

    name: str  # one in the page
    label: str
    icon: str
    url: str = ""
    why: str = ""
    way: str = "dialog"  # how the address opens: dialog, page, away (a new tab) or download
    tone: str = ""


@dataclass
class Controls:
    """Of one chat, and of the version that is shown."""

    menu: list[Control]
    delete: Control
    stage: list[Control]  # restore, fork, deploy
    star_url: str
    why_star: str
    note: str = field(init=False)  # what several entries of the menu have as their reason
    note_is_key: bool = field(init=False)

    def __post_init__(self) -> None:
        reasons = Counter(one.why for one in [*self.menu, self.delete] if one.why)
        often = [why for why, times in reasons.most_common(1) if times > 1]
        self.note = often[0] if often else ""
        self.note_is_key = self.note == needs_key()


@dataclass
class Subject:
    """Who asks, and about what."""

    request: TeamRequest
    chat: Chat
    version: Version | None
    own: Standing
    newest: int  # the number of the version that v0 goes on from

    def bars(self, permission: str = "chat-change", *, writes: bool = True) -> str:
        member = self.request.member
        return chat_bars(member, self.chat, self.own, permission=permission, writes=writes)

    def url(self, name: str, **query: str) -> str:
        address = reverse(name, args=[self.request.team.slug, self.chat.upstream_id])
        return f"{address}?{urlencode(query)}" if query else address

    def version_url(self, name: str) -> str:
        if self.version is None:
            return ""
        ids = [self.request.team.slug, self.chat.upstream_id, self.version.upstream_id]
        return reverse(name, args=ids)

    @property
    def is_v2(self) -> bool:
        return self.chat.generation == "v2"

    @cached_property
    def has_any_key(self) -> bool:
        """Whether there is a key to begin a new chat with, be it blind for this one."""
        return self.own.has_key or acting.usable_keys(self.request.member).exists()

    @property
    def is_newest(self) -> bool:
        version = self.version
        return version is not None and version.number >= self.newest and not version.is_former

    @property
    def named(self) -> str:
        """The version in a label."""
        return self.version.name if self.version else "a version"


def controls(
    request: TeamRequest, chat: Chat, versions: Iterable[Version], version: Version | None,
    own: Standing,
) -> Controls:  # fmt: skip
    """`versions` are all of the chat's, `version` is the one that is shown."""
    about = Subject(request, chat, version, own, newest_of(chat, versions))
    delete = about.url("chat-delete")
    return Controls(
        menu=[*of_chat(about), *of_version(about, "…"), *beside(about, versions)],
        delete=Control("delete", "Delete…", "trash", delete, about.bars("chat-delete"), tone="bad"),
        stage=[restore(about), *of_version(about)],
        star_url=about.url("chat-favorite"),
        why_star=about.bars(writes=about.is_v2),
    )


def newest_of(chat: Chat, versions: Iterable[Version]) -> int:
    """v2 leaves what failed behind, and runs the version before it."""
    failed = Version.Status.FAILED if chat.generation == "v2" else None
    return max((one.number for one in versions if one.status != failed), default=0)


def of_chat(about: Subject) -> list[Control]:
    """What changes the chat itself. v2 keeps the project in the chat's metadata."""
    why, why_assign = about.bars(), about.bars(writes=about.is_v2)
    return [
        Control("rename", "Rename…", "edit", about.url("chat-rename"), why),
        Control("privacy", "Privacy…", "eye", about.url("chat-privacy"), why),
        Control("assign", "Project…", "project", about.url("chat-assign"), why_assign),
    ]


def of_version(about: Subject, asks: str = "") -> list[Control]:
    """What begins with the version; in the menu, which `asks`, the labels name it."""
    named = f" {about.named}{asks}" if asks else ""
    fork, deploy = about.version_url("version-fork"), about.version_url("version-deploy")
    return [
        Control("fork", f"Fork{named}", "fork", fork, fork_bars(about)),
        Control("deploy", f"Deploy{named}", "rocket", deploy, deploy_bars(about)),
    ]


def restore(about: Subject) -> Control:
    url = about.version_url("version-restore")
    return Control("restore", "Restore", "history", url, restore_bars(about))


def beside(about: Subject, versions: Iterable[Version]) -> list[Control]:
    """What leaves the chat as it is."""
    carry = carry_bars(about, versions)
    return [
        compare(about),
        Control("lineage", "Fork tree", "branch", about.url("chat-lineage"), way="page"),
        Control("carry", "Carry to v2…", "branch", about.url("chat-carry"), carry),
        open_in_v0(about.chat),
        *exports(about),
    ]


def compare(about: Subject) -> Control:
    # A former state is compared with what came after it.
    side = "from" if about.version and about.version.is_former else "to"
    chosen = {side: about.version.upstream_id} if about.version else {}
    url = about.url("chat-compare", **chosen)
    why = "" if about.version else version_bars(None)
    return Control("compare", f"Compare {about.named}", "updown", url, why, "page")


def exports(about: Subject) -> list[Control]:
    kinds = {"html": "a web page", "markdown": "Markdown", "json": "JSON"}
    return [
        Control(f"export-{form}", f"Export as {word}", "download",
                about.url("chat-export", form=form), way="download")
        for form, word in kinds.items()
    ]  # fmt: skip


def open_in_v0(chat: Chat) -> Control:
    url = web_address(chat.web_url)
    why = "" if url else "v0 did not tell this chat's address."
    if chat.gone_at is not None:
        why = GONE
    return Control("open", "Open in v0", "external", url, why, "away")


def fork_bars(about: Subject) -> str:
    chat, version = about.chat, about.version
    if barred := why_not(about.request.member, "chat-create"):
        return barred
    unfinished = version_bars(version)
    # What v0 did not finish can have left files here.
    if version is None or (unfinished and not version.files.exists()):
        return unfinished
    if not about.has_any_key:
        return needs_key()
    lacking = "" if about.is_newest else offers(chat.generation, "fork_version") or ""
    if version.files_at is not None or (about.own.has_key and not lacking and not chat.gone_at):
        return ""
    return f"{lacking} {NOT_STORED}".strip()


def deploy_bars(about: Subject) -> str:
    barred = about.bars("deploy", writes=about.is_v2) or version_bars(about.version)
    if not barred and about.version and about.version.is_former:
        return EDITED
    if barred or not about.is_v2:
        return barred
    if not about.is_newest:
        return ONLY_AS_IT_IS
    return WRITING if is_writing(about.chat) else ""


def restore_bars(about: Subject) -> str:
    barred = about.bars("file-change") or version_bars(about.version)
    if barred:
        return barred
    if about.is_newest:
        return NEWEST
    return WRITING if is_writing(about.chat) else ""


def carry_bars(about: Subject, versions: Iterable[Version]) -> str:
    if about.is_v2:
        return IS_V2
    if barred := why_not(about.request.member, "chat-create"):
        return barred
    if not any(one.status == Version.Status.COMPLETED for one in versions):
        return NONE_FINISHED
    if about.own.has_key or (about.chat.gone_at is not None and about.has_any_key):
        return ""
    return needs_key()

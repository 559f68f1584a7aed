"""What a prompt or a new chat may ask v0 for, and the checks before anything is sent."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from dashboard.actions import Invalid, TooLarge, archives
from dashboard.models import Chat, Project
from dashboard.upstream import can
from dashboard.upstream.prompts import Source

MOST_CHARACTERS = 200_000
MOST_ATTACHMENTS = 20
MOST_SKILLS = 3  # v0's own number
MOST_FILES = 20  # v0's own number
MOST_METADATA = 40  # v0 allows 50, and the dashboard has some of its own
MEGABYTE = 1_000_000
# v0 names no limits. Requests of more than 4.5 MB do not get through to its servers, and what is
# sent inside of one grows by a third.
LARGEST_UPLOAD = 2 * MEGABYTE
LARGEST_UPLOADS = 3 * MEGABYTE
LARGEST_FILES = MEGABYTE
BY_ADDRESS = "Put large files somewhere v0 can reach, and give their addresses."
KINDS = {  # what may be attached, by the end of its name
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "fig": "application/octet-stream",
    "zip": "application/zip",
}
SOURCES = {  # what a chat can begin with besides a prompt: its capability
    "files": "from_files",
    "zip": "from_zip",
    "repo": "from_repository",
    "registry": "from_registry",
    "template": "from_template",
}


@dataclass(frozen=True)
class Upload:
    """A file from somebody's computer."""

    name: str
    content: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        return KINDS.get(self.name.rpartition(".")[2].lower(), "")

    @property
    def url(self) -> str:
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class ChatRequest:
    """What to ask v0 for. `attachments` are addresses; `privacy` is one of Chat.Privacy; with a
    `source` the prompt, which may then be empty, is sent after the code has arrived."""

    prompt: str
    model_id: str = ""
    privacy: str = Chat.Privacy.PRIVATE
    project: Project | None = None
    system: str = ""
    image_generations: bool = False
    thinking: bool = False
    attachments: tuple[str, ...] = ()
    uploads: tuple[Upload, ...] = ()
    title: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    skills: tuple[dict[str, str], ...] = ()
    mcp_server_ids: tuple[str, ...] = ()
    source: Source | None = None
    archive: Upload | None = None  # the ZIP of a source, where it has no address

    def checked(self, generation: str) -> ChatRequest:
        """The request in order. Raises Invalid where v0 would not take it, or not in this
        generation."""
        if self.privacy not in Chat.Privacy.values:
            raise Invalid("privacy", "Choose one of: " + ", ".join(Chat.Privacy.values) + ".")
        self.check_offered(generation)
        return replace(
            self,
            prompt="" if self.source and not self.prompt.strip() else checked_prompt(self.prompt),
            system=limited("system", self.system, "The system prompt").strip(),
            model_id=limited("model_id", self.model_id, "The model", most=60).strip(),
            title=limited("title", self.title, "The title", most=255).strip(),
            attachments=checked_attachments(self.attachments, self.uploads),
            uploads=checked_uploads(self.uploads),
            metadata=checked_metadata(self.metadata),
            skills=checked_skills(self.skills),
            source=checked_source(self.source, self.archive) if self.source else None,
        )

    def check_offered(self, generation: str) -> None:
        if self.thinking and (reason := can(generation, "thinking")):
            raise Invalid("thinking", reason)
        if self.source and (reason := can(generation, SOURCES[self.source.kind])):
            raise Invalid("source", reason)
        if self.title.strip() and not self.source and (reason := can(generation, "prompt_title")):
            raise Invalid("title", reason)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All attachments as v0 takes them."""
        return (*self.attachments, *(upload.url for upload in self.uploads))

    def as_prompt(self) -> dict[str, Any]:
        """The arguments of a prompt, for the verbs of Remote."""
        return {
            "prompt": self.prompt,
            "model_id": self.model_id,
            "system": self.system,
            "image_generations": self.image_generations,
            "thinking": self.thinking,
            "attachments": self.addresses,
            "skills": self.skills,
            "mcp_server_ids": self.mcp_server_ids,
        }

    def as_chat(self) -> dict[str, Any]:
        """The arguments of a new chat besides its prompt or its source."""
        return {
            "privacy": self.privacy,
            "project_id": self.project.upstream_id if self.project else "",
            "title": self.title,
            "metadata": self.metadata,
        }

    def as_fields(self) -> dict[str, Any]:
        """For Submission.request: what is needed to show the form again, uploads by name."""
        uploads = [*self.uploads, *([self.archive] if self.archive else [])]
        source = self.source
        return {
            "prompt": self.prompt,
            "model_id": self.model_id,
            "privacy": str(self.privacy),
            "project": self.project.upstream_id if self.project else "",
            "system": self.system,
            "image_generations": self.image_generations,
            "thinking": self.thinking,
            "attachments": list(self.attachments),
            "uploads": [upload.name for upload in uploads],
            "title": self.title,
            "metadata": self.metadata,
            "skills": list(self.skills),
            "mcp_servers": list(self.mcp_server_ids),
            "source": source.kind if source else "",
            "files": [list(file) for file in source.files] if source else [],
            "url": source.url if source and not self.archive else "",
            "branch": source.branch if source else "",
            "template": source.template_id if source else "",
        }


def checked_prompt(prompt: str) -> str:
    if not prompt.strip():
        raise Invalid("prompt", "Write what v0 should do.")
    return limited("prompt", prompt, "The prompt")


def limited(field: str, value: str, name: str, *, most: int = MOST_CHARACTERS) -> str:
    if len(value) > most:
        raise Invalid(field, f"{name} has {len(value):,} characters; the most is {most:,}.")
    return value.replace("\x00", "")  # PostgreSQL cannot hold a NUL


def checked_address(field: str, address: str) -> str:
    address = limited(field, address, "An address", most=2000).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise Invalid(field, f"“{address[:80]}” is not an address; use https://….")
    return address


def checked_attachments(addresses: tuple[str, ...], uploads: tuple[Upload, ...]) -> tuple[str, ...]:
    kept = tuple(address.strip() for address in addresses if address.strip())
    if len(kept) + len(uploads) > MOST_ATTACHMENTS:
        raise Invalid("attachments", f"Attach at most {MOST_ATTACHMENTS} files and addresses.")
    return tuple(checked_address("attachments", address) for address in kept)


def checked_uploads(uploads: tuple[Upload, ...]) -> tuple[Upload, ...]:
    for upload in uploads:
        if not upload.kind:
            raise Invalid("uploads", f"“{upload.name}” is no image, Figma file or ZIP archive.")
        if len(upload.content) > LARGEST_UPLOAD:
            raise TooLarge("uploads", too_large(upload.name, len(upload.content), LARGEST_UPLOAD))
    if sum(len(upload.content) for upload in uploads) > LARGEST_UPLOADS:
        most = LARGEST_UPLOADS // MEGABYTE
        raise TooLarge(
            "uploads", f"Together these files have more than {most} MB. Attach some by address."
        )
    return uploads


def too_large(name: str, size: int, most: int, instead: str = BY_ADDRESS) -> str:
    had = f"{size / MEGABYTE:,.1f} MB"
    return f"“{name}” has {had}; the most is {most // MEGABYTE} MB. {instead}"


def checked_metadata(metadata: dict[str, str]) -> dict[str, str]:
    if len(metadata) > MOST_METADATA:
        raise Invalid("metadata", f"Give at most {MOST_METADATA} entries.")
    for name, value in metadata.items():
        if not 1 <= len(name) <= 40 or len(value) > 500:
            raise Invalid(
                "metadata", "A name has 1 to 40 characters, and a value at most 500 characters."
            )
        limited("metadata", name + value, "An entry")
    return {name.replace("\x00", ""): value.replace("\x00", "") for name, value in metadata.items()}


def checked_skills(skills: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    if len(skills) > MOST_SKILLS:
        raise Invalid("skills", f"v0 takes at most {MOST_SKILLS} skills.")
    return skills


def checked_source(source: Source, archive: Upload | None) -> Source:
    if source.kind == "files":
        return replace(source, files=checked_files(source.files))
    if source.kind == "template":
        name = limited("template", source.template_id, "The template", most=200).strip()
        if not name:
            raise Invalid("template", "Write the template's id.")
        return replace(source, template_id=name)
    branch = limited("branch", source.branch, "The branch", most=250).strip()
    if archive is None:
        return replace(source, url=checked_address(source.kind, source.url), branch=branch)
    if len(archive.content) > LARGEST_UPLOADS:
        raise TooLarge("archive", too_large(archive.name, len(archive.content), LARGEST_UPLOADS))
    if wrong := archives.wrong(archive.content):
        raise Invalid("archive", wrong)
    return replace(source, url=replace(archive, name="archive.zip").url)


def checked_files(files: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    kept = tuple((name.strip(), text) for name, text in files if name.strip() or text.strip())
    if not 1 <= len(kept) <= MOST_FILES:
        raise Invalid("files", f"Give 1 to {MOST_FILES} files; these are {len(kept)}.")
    for name, text in kept:
        if not name:
            raise Invalid("files", "Every file needs a name, such as app/page.tsx.")
        if not archives.is_inside(name) or "\x00" in name + text:
            raise Invalid("files", f"“{name[:80]}” is no path inside a project.")
    if len({name for name, _ in kept}) < len(kept):
        raise Invalid("files", "Two of these files have the same name.")
    if sum(len(text.encode()) for _, text in kept) > LARGEST_FILES:
        raise TooLarge("files", "These files have more than 1 MB. Send them as a ZIP archive.")
    return kept

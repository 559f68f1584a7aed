"""Changing files of the newest version: the editor, deleting, locking. What changed in v0 since is
shown beside what was typed, and never overwritten unseen."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import TeamRequest, get_chat, member
from dashboard.actions import Invalid
from dashboard.actions.files import LONGEST_PATH, Conflict, delete_file, lock_file, write_file
from dashboard.diffs import Change
from dashboard.htmx import answer, render_page
from dashboard.models import Chat, Version, VersionFile
from dashboard.sync.versions import content_of
from dashboard.upstream.errors import Refused
from dashboard.upstream.records import FileRecord
from dashboard.views.changes import ask, posted
from dashboard.views.compare_rows import DrawnFile, draw
from dashboard.views.file_tools import version_tools
from dashboard.views.reasons import is_writing
from dashboard.views.refusals import explain
from dashboard.views.versions import get_version

CHANGED = "v0 has a newer text of this file. Yours is still here: look at both, then decide."
TAKEN = "There is a file {} already. Choose another path, or open that file to edit it."


class FileForm(forms.Form):
    """A file's path and text; `began` names the content that the edit began with."""

    path = forms.CharField(
        max_length=LONGEST_PATH, label="Path",
        widget=forms.TextInput(attrs={"placeholder": "app/page.tsx", "spellcheck": "false"}),
    )  # fmt: skip
    text = forms.CharField(
        required=False, strip=False, label="Text",
        widget=forms.Textarea(attrs={
            "rows": 28, "wrap": "off", "spellcheck": "false", "autocapitalize": "off",
            "autocomplete": "off", "data-editor": "", "class": "editor-text",
        }),
    )  # fmt: skip
    began = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@member(can="file-change")
def file_edit(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    row = get_chat(request, chat)
    opened = get_version(row, version)
    path = request.GET.get("file", "")
    if request.method == "GET":
        return editor(request, opened, FileForm(initial=beginning(opened, path)), path)
    form = FileForm(request.POST)
    if not form.is_valid():
        return editor(request, opened, form, path)
    values: dict[str, Any] = form.cleaned_data
    try:
        write_file(member=request.member, version=opened, **values)
    except Conflict as conflict:
        if path or values["began"]:
            return editor(request, opened, settled(values, conflict), path, conflict)
        form.add_error("path", TAKEN.format(values["path"].strip()))
        return editor(request, opened, form, path)
    except (Invalid, Refused) as error:
        explain(form, error)
        return editor(request, opened, form, path)
    url = files_url(request, row, values["path"].strip())
    return answer(cast(HttpRequest, request), url, f"Saved {values['path'].strip()}.")


def beginning(version: Version, path: str) -> dict[str, str]:
    """What the editor begins with: the stored text of the file, or nothing for a new one."""
    if not path:
        return {}
    rows = version.files.select_related("content").filter(content__is_binary=False)
    row = get_object_or_404(rows, path=path)
    return {"path": path, "text": row.content.text, "began": row.content_id}


def settled(values: dict[str, Any], conflict: Conflict) -> FileForm:
    """The form with what was typed, which from now on replaces what v0 has."""
    form = FileForm(values | {"began": conflict.name})
    form.add_error(None, CHANGED)
    return form


def editor(
    request: TeamRequest,
    version: Version,
    form: FileForm,
    path: str,
    conflict: Conflict | None = None,
) -> HttpResponse:
    page, chat = cast(HttpRequest, request), version.chat
    context = {
        "chat": chat, "version": version, "form": form, "path": path, "conflict": conflict,
        "both": both_texts(form, conflict) if conflict else None,
        "is_writing": is_writing(chat),  # that passes: what is typed can be saved afterwards
        "tools": version_tools(request, version), "back": files_url(request, chat, path),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render_page(page, "versions/edit.html", context, fragments=("editor",), status=status)


def both_texts(form: FileForm, conflict: Conflict) -> DrawnFile | None:
    """What v0 has beside what was typed; None where v0 has no text."""
    if conflict.theirs is None:
        return None
    typed = form["text"].value().replace("\r\n", "\n")
    old, new = (content_of(FileRecord("", text)) for text in (conflict.theirs, typed))
    change = Change(form["path"].value(), "changed", old.sha256, new.sha256)
    return draw(change, {old.sha256: old, new.sha256: new}, {})


def files_url(request: TeamRequest, chat: Chat, path: str = "") -> str:
    """The files of the newest version, with this one open."""
    query = {"tab": "files", **({"file": path} if path else {})}
    address = reverse("chat", args=[request.team.slug, chat.upstream_id])
    return f"{address}?{urlencode(query)}"


class DeleteForm(forms.Form):
    file = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    began = forms.CharField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@member(can="file-change")
def file_delete(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    row = get_chat(request, chat)
    opened = get_version(row, version)
    path = request.POST.get("file", "") or request.GET.get("file", "")
    file = get_object_or_404(VersionFile, version=opened, path=path)
    form = DeleteForm(posted(request), initial={"file": path, "began": file.content_id})
    if form.is_bound and form.is_valid():
        began = form.cleaned_data["began"]
        try:
            delete_file(member=request.member, version=opened, path=path, began=began)
            return answer(cast(HttpRequest, request), files_url(request, row), f"Deleted {path}.")
        except Conflict:
            form.add_error(None, "v0 has a newer text of this file. Look at it before you delete.")
        except (Invalid, Refused) as error:
            explain(form, error)
    text = "v0 goes on without this file. Earlier versions that are stored here keep it."
    return ask(request, row, form, title=f"Delete {path}?", action="Delete", text=text, tone="bad")


@require_POST
@member(can="file-change")
def file_lock(request: TeamRequest, chat: str, version: str) -> HttpResponse:
    row = get_chat(request, chat)
    opened = get_version(row, version)
    path, locked = request.POST.get("file", ""), request.POST.get("locked") == "true"
    try:
        lock_file(member=request.member, version=opened, path=path, locked=locked)
        text, tone = f"{'Locked' if locked else 'Unlocked'} {path}.", "ok"
    except (Invalid, Refused) as error:
        text, tone = error.sentence, "bad"
    return answer(cast(HttpRequest, request), files_url(request, row, path), text, tone)

"""The sites that v0 lets show a team's previews: asked for and set by admins, with a key of theirs.

v0 is asked when somebody presses a button, never because a page is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import TeamRequest, member
from dashboard.actions import Invalid, previews
from dashboard.actions.acting import usable_keys
from dashboard.htmx import answer, render_page
from dashboard.models import Key, Membership
from dashboard.upstream.errors import Refused
from dashboard.views.refusals import explain, posted


class KeyForm(forms.Form):
    key = forms.ModelChoiceField(
        Key.objects.none(),
        label="v0 key",
        empty_label=None,
        help_text="The hosts are those of the team in v0 that this key acts in.",
    )

    def __init__(self, member: Membership, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        keys = cast("forms.ModelChoiceField[Key]", self.fields["key"])
        keys.queryset = usable_keys(member)


class HostsForm(KeyForm):
    """`known` is what v0 said when it was asked: what others changed meanwhile is not undone."""

    known = forms.CharField(required=False, widget=forms.HiddenInput)
    hosts = forms.CharField(
        required=False,
        label="Trusted hosts, one a line",
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono", "spellcheck": "false"}),
        help_text="app.example.com is one host, *.example.com any one label below it, "
        "**.example.com everything below it. At most five.",
    )

    def __init__(self, member: Membership, data: Mapping[str, str] | None = None) -> None:
        super().__init__(member, data)
        self.fields["key"].widget = forms.HiddenInput()


def page(request: TeamRequest, form: forms.Form, status: int) -> HttpResponse:
    context = {
        "form": form,
        "is_known": isinstance(form, HostsForm),
        "has_key": usable_keys(request.member).exists(),
    }
    template = "team/preview_hosts.html"
    return render_page(request, template, context, fragments=("form",), status=status)


@require_http_methods(["GET", "POST"])
@member(can="team-change")
def preview_hosts(request: TeamRequest) -> HttpResponse:
    form = KeyForm(request.member, posted(request))
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            hosts = "\n".join(previews.preview_hosts(member=request.member, key=key))
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            told = HostsForm(request.member)
            told.initial = {"key": key.pk, "hosts": hosts, "known": hosts}
            return page(request, told, 200)
    return page(request, form, 422 if form.is_bound else 200)


@require_POST
@member(can="team-change")
def preview_hosts_save(request: TeamRequest) -> HttpResponse:
    form = HostsForm(request.member, request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            previews.change_preview_hosts(
                member=request.member,
                key=told["key"],
                hosts=told["hosts"].splitlines(),
                before=told["known"].splitlines(),
            )
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            url = reverse("preview-hosts", args=[request.team.slug])
            return answer(request, url, "The trusted hosts were saved in v0.")
    return page(request, form, 422)

"""Django's admin for staff. What changes a key goes through actions, as on the pages.

Secrets are shown nowhere; history is read only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from dashboard.actions import Invalid, keys, team
from dashboard.models import Activity, Key, Membership, Role, SyncRun, Team, User
from dashboard.models.chats import FOR_THE_TEAM
from dashboard.upstream.errors import Refused

# Sign-in with its second factor and its limits of attempts is allauth's, here too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "v0 dashboard administration"


class ReadOnly:
    """Rows that staff may look at. Mixed into ModelAdmin, whose questions these answer."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "slug", "sync_minutes", "created_at"]
    search_fields = ["name", "slug"]
    readonly_fields = ["created_at"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People leave on the team's page, because their keys have to leave with them."""

    list_display = ["user", "team", "role", "created_at"]
    list_filter = ["role"]
    list_select_related = ["user", "team"]
    search_fields = ["user__email", "user__name", "team__name"]
    autocomplete_fields = ["user", "team"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return ["user", "team"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        staff = owner_of(obj.team, request)
        if not change:
            team.add_member(member=staff, email=obj.user.email, role=obj.role)
            obj.pk = Membership.objects.get(team=obj.team, user=obj.user).pk
            return
        try:
            team.change_role(member=staff, person=obj, role=obj.role)
        except Invalid as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["email", "name"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]


@admin.register(Key)
class KeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Keys are added by their owners on the keys page and removed there or by an overseer."""

    list_display = ["label", "last_four", "owner", "team", "state", "upstream_name", "synced"]
    list_filter = ["state"]
    list_select_related = ["owner", "team"]
    search_fields = ["label", "owner__email", "team__name", "last_four"]
    exclude = ["sealed", "fingerprint", "lease_run", "lease_until"]
    actions = ["pause_keys", "resume_keys", "check_keys"]

    @admin.display(description="last synced", ordering="last_synced_at")
    def synced(self, key: Key) -> Any:
        return key.last_synced_at

    def get_queryset(self, request: HttpRequest) -> QuerySet[Key]:
        return super().get_queryset(request).filter(removed_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Key | None = None) -> list[str]:
        hidden = set(self.exclude or ())
        return [field.name for field in Key._meta.fields if field.name not in hidden]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Pause", permissions=["change"])
    def pause_keys(self, request: HttpRequest, rows: QuerySet[Key]) -> None:
        def pause(member: Membership, key: Key) -> Key:
            return keys.pause_key(member=member, key=key, paused=True)

        for_each(self, request, rows, pause)

    @admin.action(description="Resume", permissions=["change"])
    def resume_keys(self, request: HttpRequest, rows: QuerySet[Key]) -> None:
        def resume(member: Membership, key: Key) -> Key:
            return keys.pause_key(member=member, key=key, paused=False)

        for_each(self, request, rows, resume)

    @admin.action(description="Check again with v0", permissions=["change"])
    def check_keys(self, request: HttpRequest, rows: QuerySet[Key]) -> None:
        def check(member: Membership, key: Key) -> Key:
            return keys.check_key(member=member, key=key)

        for_each(self, request, rows, check)


def owner_of(of: Team, request: HttpRequest) -> Membership:
    """Staff act with an owner's rights in every team, without being in it."""
    return Membership(team=of, user=cast(User, request.user), role=Role.OWNER)


def for_each(
    page: KeyAdmin,
    request: HttpRequest,
    rows: QuerySet[Key],
    act: Callable[[Membership, Key], Key],
) -> None:
    """Acts on each key with an owner's rights in its team, and says what came of it."""
    for key in rows.select_related("team", "owner"):
        try:
            done = act(owner_of(key.team, request), key)
        except (Refused, Invalid) as refusal:
            page.message_user(request, f"{key}: {refusal}", messages.ERROR)
        else:
            reason = f" {done.state_reason}" if done.state_reason else ""
            page.message_user(request, f"{done} is {done.state}.{reason}", messages.SUCCESS)


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["id", "team", "key", "trigger", "state", "created_at", "finished_at"]
    list_filter = ["state", "trigger"]
    list_select_related = ["team", "key"]
    show_full_result_count = False


@admin.register(Activity)
class ActivityAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["at", "team", "actor", "verb", "target"]
    list_filter = ["verb"]
    list_select_related = ["team", "actor"]
    search_fields = ["target", "actor__email"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without what is about private chats and projects: staff may not read those either."""
        rows = super().get_queryset(request)
        of_the_team = Q(chat=None) | Q(chat__privacy__in=FOR_THE_TEAM)
        return rows.filter(of_the_team, Q(project=None) | Q(project__privacy="team"))

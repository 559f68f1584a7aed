"""What v0's agent stopped to ask: a question, a plan, a permission, an integration or a set-up."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import MD5, Cast

from dashboard.models.account import User
from dashboard.models.chats import Chat
from dashboard.models.team import Membership


class AskQuerySet(models.QuerySet["Ask"]):
    def visible_to(self, member: Membership) -> AskQuerySet:
        """Those of the chats that the member sees."""
        return self.filter(chat__in=Chat.objects.visible_to(member))

    def waiting(self) -> AskQuerySet:
        """Those that somebody has to answer, or to confirm."""
        return self.filter(state__in=[Ask.State.OPEN, Ask.State.SECOND])


class Ask(models.Model):
    """One stop of the agent. `asked` is what v0 said, `answer` what was sent back."""

    class Kind(models.TextChoices):
        QUESTIONS = "questions"
        PLAN = "plan"
        PERMISSIONS = "permissions"
        INTEGRATION = "integration"
        CONNECT = "connect"  # a set-up of Vercel Connect

    class State(models.TextChoices):
        OPEN = "open"
        SECOND = "second"  # allowed by one person, waits for another
        ANSWERED = "answered"
        OVER = "over"  # the chat went on, or is gone, without an answer from here

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="asks")
    message_id = models.CharField(max_length=100)  # v0's, of the message that asks
    kind = models.CharField(max_length=12, choices=Kind.choices)
    asked = models.JSONField()
    is_dangerous = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            # An agent may stop again in the same message, to ask something else.
            models.UniqueConstraint(
                "chat", "message_id", MD5(Cast("asked", models.TextField())), name="ask_once"
            )
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="ask_waiting")]

    @property
    def is_waiting(self) -> bool:
        return self.state in (self.State.OPEN, self.State.SECOND)

"""What v0's refusals mean, in words for people. One table; nothing here asks v0 or the database."""

from __future__ import annotations

import math
import re

from v0client import errors

SAID = re.compile(r"[\x00-\x1f\x7f]+")
# What the client says where v0 gave no reason.
UNSAID = (
    "no reason given",
    "v0 reported an error without a reason",
    "the stream ended before any event",
)


class Refused(Exception):
    """v0 did not do it. `sentence` says what happened, why if known, and what to do.

    `kind` is one of: rejected (the key), forbidden, gone, conflict, too-large, invalid, busy,
    broken (v0 failed, or its answer cannot be read), unreachable, slow, unclear (a change that
    may or may not have happened). `retry_after` is in seconds, where v0 said so. `told` is v0's
    own reason for breaking off a stream.
    """

    def __init__(
        self, sentence: str, *, kind: str, retry_after: float | None = None, told: str = ""
    ) -> None:
        super().__init__(sentence)
        self.told = told
        self.sentence = sentence
        self.kind = kind
        self.retry_after = retry_after


class NotOffered(Refused):
    """This generation of v0's API has no such thing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, kind="invalid")


# What happened, why if known, what to do. {said} is v0's own reason, or nothing.
SENTENCES = {
    "rejected": "v0 rejects this key: it is wrong or was revoked. "
    "Create a new one in v0's settings and add it here.",
    "forbidden": "v0 does not allow this with this key{said}. "
    "Ask the owner in v0, or use a key that has access.",
    "gone": "v0 cannot find this, or this key cannot access it. "
    "It may have been deleted in v0; the next sync will show.",
    "conflict": "v0 could not do this in the current state{said}. Reload the page and try again.",
    "too-large": "v0 finds this too large{said}. Shorten it, or attach smaller files.",
    "invalid": "v0 did not accept this{said}. Change it and try again.",
    "credits": "v0 says that no credits are left{said}. Add credits in v0, then try again.",
    "busy": "v0 asks to slow down{wait}. Nothing was changed.",
    "broken": "v0 had a problem of its own and gave no reason. Try again in a few minutes.",
    "broken-write": "v0 failed and gave no reason; it also does so when the account's credits are "
    "used up. Look at the balance, then try again.",
    "unreadable": "v0's answer could not be read{field}; something between here and v0 may have "
    "answered in its place. Try again in a few minutes.",
    "broken-off": "v0 broke off its answer{said}. Try again in a few minutes.",
    "unreachable": "v0 cannot be reached from here. Check the connection, then try again.",
    "slow": "v0 did not answer in time. Try again in a few minutes.",
    "unclear": "v0's answer was lost on its way, so this may or may not have happened. "
    "Check before you try again: the next sync shows the current state.",
    "unsendable": "This cannot be sent to v0: {reason}.",
}

KINDS: dict[type[errors.V0Error], str] = {
    errors.Unauthorized: "rejected",
    errors.PaymentRequired: "credits",
    errors.Forbidden: "forbidden",
    errors.NotFound: "gone",
    errors.RequestTimedOut: "slow",
    errors.Conflict: "conflict",
    errors.PayloadTooLarge: "too-large",
    errors.BadRequest: "invalid",
    errors.Unprocessable: "invalid",
    errors.TooManyRequests: "busy",
    errors.ServerError: "broken",
    errors.InvalidAnswer: "unreadable",
    errors.StreamFailed: "broken-off",
    errors.TimedOut: "slow",
    errors.ConnectionFailed: "unreachable",
    errors.InvalidRequest: "unsendable",
}
# Rows of the table that are not kinds of their own.
KIND_OF = {
    "credits": "forbidden",
    "broken-write": "broken",
    "unreadable": "broken",
    "broken-off": "broken",
    "unsendable": "invalid",
}


def row_of(error: errors.V0Error, *, write: bool) -> str:
    """Which sentence of the table an error gets."""
    if write:
        lost = isinstance(error, errors.ConnectionFailed) and error.maybe_sent
        # A gateway gave up on v0, or an answer came that nobody can read: v0 may have done it.
        gateway = isinstance(error, errors.StatusError) and error.status in (502, 504)
        if lost or gateway or isinstance(error, errors.InvalidAnswer):
            return "unclear"
    row = next((KINDS[kind] for kind in type(error).__mro__ if kind in KINDS), "broken")
    return "broken-write" if write and row == "broken" else row


def refused(error: errors.V0Error, *, write: bool = False) -> Refused:
    """The refusal that an error of the client means. The client has taken the key out of it."""
    row = row_of(error, write=write)
    retry_after = error.retry_after if isinstance(error, errors.StatusError) else None
    field = error.field if isinstance(error, errors.InvalidAnswer) else ""
    words = {
        "said": said(error),
        "wait": f", for {duration(retry_after)}" if retry_after else ", without saying how long",
        "field": f" (the field {field})" if field else "",
        "reason": error.message,
    }
    sentence = SENTENCES[row].format(**words)
    told = error.message if isinstance(error, errors.StreamFailed) and said(error) else ""
    return Refused(sentence, kind=KIND_OF.get(row, row), retry_after=retry_after, told=told)


def said(error: errors.V0Error) -> str:
    """v0's own reason, quoted, where it gave one worth repeating."""
    if not isinstance(error, errors.StatusError | errors.StreamFailed) or error.message in UNSAID:
        return ""
    text = SAID.sub(" ", error.message).strip().rstrip(".")
    if not text or text.startswith("<"):
        return ""
    return f" (“{text[:200]}”)"


def duration(seconds: float) -> str:
    if seconds < 90:
        whole = max(1, math.ceil(seconds))
        return "1 second" if whole == 1 else f"{whole} seconds"
    if seconds < 90 * 60:
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{math.ceil(seconds / 3600)} hours" if seconds < 48 * 3600 else "more than two days"

"""Template tags and filters for what people read: icons, times, money, counts, tones.
Nothing here reads the database or decides anything; long texts are in dashboard/texts.py.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dashboard.browsers import browser_and_system
from dashboard.charts import percent
from dashboard.texts import markdown_html

register = template.Library()
register.filter(browser_and_system)

TONES = {
    "ok": "ok completed complete ready succeeded success active accepted done deployed healthy",
    "live": "live running pending queued building initializing writing syncing in_progress "
    "started new",
    "warn": "partial warn warning paused stale late limited expiring unknown canceled cancelled "
    "interrupted slow skipped stopped",
    "bad": "bad failed failure error rejected revoked expired crashed blocked refused",
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}
TONE_ICONS = {"ok": "check", "warn": "warning", "bad": "error", "live": "clock", "quiet": "info"}
PRIVACY = {  # what v0 calls it: the word for people and the icon
    "private": ("Private", "lock"),
    "team": ("Team", "people"),
    "team-edit": ("Team can edit", "edit"),
    "unlisted": ("Unlisted", "link"),
    "public": ("Public", "globe"),
}
HUES = 5


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a label."""
    classes = f"icon {size}".strip()
    address = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes, label, address,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address
    )


@register.filter
def ago(value: dt.datetime | dt.date | None) -> SafeString | str:
    """A relative time whose exact time shows on hover; works for the future too."""
    if value is None or value == "":
        return mark_safe('<span class="fine">never</span>')
    exact = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time.min)
    if timezone.is_naive(exact):
        exact = timezone.make_aware(exact)
    local = timezone.localtime(exact)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        exact.astimezone(dt.UTC).isoformat(timespec="seconds"),
        f"{local:%a} {local.day} {local:%b %Y, %H:%M:%S %Z}",
        relative(exact, timezone.now()),
    )


def relative(then: dt.datetime, now: dt.datetime) -> str:
    """The distance in words: now, 4 min ago, in 3 h, yesterday, 12 d ago, 3 Feb, 3 Feb 2024."""
    seconds = (now - then).total_seconds()
    distance = abs(seconds)
    if distance < 10:
        return "now"
    if distance < 7 * 86400:
        words = span(distance)
        return f"{words} ago" if seconds > 0 else f"in {words}"
    local, today = timezone.localtime(then), timezone.localtime(now)
    day = f"{local.day} {local:%b}"
    return day if local.year == today.year else f"{day} {local.year}"


def span(seconds: float) -> str:
    """A distance in its largest unit, for glances: 40 s, 12 min, 5 h, 3 d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


@register.filter
def duration(value: dt.timedelta | float | str | None) -> str:
    """How long something took: 340 ms, 4.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h."""
    if value is None or value == "":
        return "—"
    seconds = value.total_seconds() if isinstance(value, dt.timedelta) else float(value)
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, unit, small_size, small in (
        (86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")
    ):  # fmt: skip
        if whole >= size:
            rest = whole % size // small_size
            return f"{whole // size} {unit} {rest} {small}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


@register.filter
def money(value: Decimal | float | str | None, currency: str = "$") -> str:
    """An amount with two decimals; below ten cents with as many as show two digits that count, at
    most four: $12.50, $0.22, $0.037, $0.0042."""
    if value is None or value == "":
        return "—"
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return "—"
    if not amount.is_finite():
        return "—"
    sign, amount = ("−" if amount < 0 else ""), abs(amount)
    if 0 < amount < Decimal("0.00005"):
        return f"<{currency}0.0001"
    decimals = next((n for n in (2, 3) if not amount or round(amount, n + 1) * 10**n >= 10), 4)
    return f"{sign}{currency}{amount:,.{decimals}f}"


@register.filter
def money_to(low: Decimal | float, high: Decimal | float) -> str:
    """A range of amounts, or one where both look the same: $0.037 to $0.24."""
    ends = dict.fromkeys((money(low), money(high)))
    return " to ".join(ends)


@register.filter
def count(value: float | str | None) -> str:
    """A whole number with separators: 1,284."""
    return "—" if value is None or value == "" else f"{int(value):,}"


@register.filter
def filesize(value: float | str | None) -> str:
    """Bytes for people: 812 B, 4.1 KB, 2.3 MB."""
    if value is None or value == "":
        return "—"
    size = float(value)
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


@register.filter
def initials(name: str | None) -> str:
    """Up to two letters that stand for a person or an e-mail address."""
    words = (name or "").partition("@")[0].replace(".", " ").replace("_", " ").split()
    letters = [word[0] for word in words if word[0].isalnum()]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters).upper() or "?"


@register.filter
def hue(name: str | None) -> int:
    """The same small number for the same name, to tell people apart at a glance."""
    return sum((name or "").encode()) % HUES


@register.filter
def tone(status: str | None) -> str:
    """The tone of a status: ok, live, warn, bad; quiet for whatever is not known."""
    return TONE_OF.get(str(status or "").lower().replace("-", "_"), "quiet")


@register.filter
def tone_icon(value: str | None) -> str:
    return TONE_ICONS.get(value or "", "info")


@register.filter
def words(status: str | None) -> str:
    """A machine's word for people: in_progress becomes In progress."""
    text = str(status or "").replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:] if text else "Unknown"


@register.filter
def privacy_word(value: str | None) -> str:
    return PRIVACY.get(str(value), (words(value), ""))[0]


@register.filter
def privacy_icon(value: str | None) -> str:
    return PRIVACY.get(str(value), ("", "eye"))[1]


@register.filter
def folder(path: str) -> str:
    """The folders of a path with the last slash: app/pricing/."""
    head, slash, _ = path.rpartition("/")
    return head + slash


@register.filter
def basename(path: str) -> str:
    return path.rpartition("/")[2]


@register.filter(is_safe=True)
def markdown(text: str | None) -> SafeString:
    """Markdown as sanitised HTML, to stand inside of an element with the class prose."""
    return markdown_html(text or "")


@register.filter
def field_kind(field: Any) -> str:
    """How a form field is laid out: checkbox, choices, select, textarea or input."""
    widget = field.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    if kind == "radio" or type(widget).__name__ == "CheckboxSelectMultiple":
        return "choices"
    return kind if kind in ("checkbox", "select", "textarea", "search") else "input"


@register.filter
def choices_made(form: Any) -> dict[str, int]:
    """Of a list's filters that are chosen from, how many there are and how many narrow the list."""
    fields = [
        field for field in form.visible_fields() if field_kind(field) in ("select", "checkbox")
    ]
    made = [
        field for field in fields
        if field.name != "sort" and field.value() not in (None, "", False)
        and (field_kind(field) == "checkbox" or field.field.valid_value(field.value()))
    ]  # fmt: skip
    return {"of": len(fields), "made": len(made)}


@register.simple_tag
def share(value: float | None, whole: float | None) -> str:
    """How many per cent of a whole a value is, for SVG widths; between 0 and 100."""
    return percent(float(value or 0), float(whole or 0))

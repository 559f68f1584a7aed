"""What a generated page is about: topic, sections, colours. Follow-up prompts change it. Both the
files of a version and its preview are written from this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from v0client.simulator.identity import digest
from v0client.simulator.topics import TOPICS, Topic

SECTION_WORDS = {
    "pricing": ("pricing", "price", "plan", "tier", "subscription"),
    "stats": ("kpi", "metric", "stat", "dashboard", "numbers", "overview"),
    "chart": ("chart", "graph", "trend", "analytics", "report", "revenue"),
    "table": ("table", "list of", "admin", "orders", "invoice", "rows", "inventory", "log"),
    "form": (
        "form",
        "contact",
        "sign up",
        "signup",
        "booking",
        "checkout",
        "login",
        "register",
        "settings",
        "upload",
    ),
    "faq": ("faq", "questions", "help", "accordion"),
    "testimonials": ("testimonial", "review", "quote", "customer stories"),
    "timeline": ("timeline", "roadmap", "changelog", "history", "schedule", "steps", "calendar"),
    "cards": ("card", "grid", "gallery", "products", "features", "blog", "team"),
}
FILLERS = ("cards", "testimonials", "stats", "faq", "form", "table", "timeline", "chart", "pricing")

# accent, its text, background, surface, text, quiet text, line
PALETTES = {
    "indigo": ("#4f46e5", "#ffffff", "#f8f9fc", "#ffffff", "#171a2b", "#5b6078", "#e3e6f0"),
    "forest": ("#0f766e", "#ffffff", "#f5f9f7", "#ffffff", "#12241f", "#52655f", "#dbe7e2"),
    "clay": ("#b4472a", "#ffffff", "#fbf7f3", "#ffffff", "#2b1c14", "#6f5c51", "#ece0d6"),
    "plum": ("#86198f", "#ffffff", "#fbf7fc", "#ffffff", "#271228", "#6a5570", "#ebdfee"),
    "ink": ("#111827", "#ffffff", "#f6f6f5", "#ffffff", "#111827", "#57606f", "#e2e2df"),
    "sky": ("#0369a1", "#ffffff", "#f4f9fc", "#ffffff", "#0c2230", "#4c6472", "#d8e7ef"),
    "night": ("#8ab4ff", "#0b1020", "#0b1020", "#141b30", "#eef2ff", "#a3adc8", "#26304d"),
}
LAYOUTS = ("centered", "split", "sidebar", "editorial")
COLOUR_WORDS = {
    "dark": "night",
    "green": "forest",
    "blue": "sky",
    "purple": "plum",
    "orange": "clay",
    "red": "clay",
    "black": "ink",
    "minimal": "ink",
    "warm": "clay",
    "indigo": "indigo",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it stands after some prompts."""

    name: str
    prompt: str
    topic: Topic
    layout: str
    palette: str
    sections: tuple[str, ...]
    rounded: bool
    # What was asked for after the first prompt.
    changes: tuple[str, ...]


def topic_of(text: str) -> Topic:
    """The topic whose words the text mentions most; a plain one otherwise."""
    lowered = text.lower()
    scores = [sum(word in lowered for word in topic.words) for topic in TOPICS]
    return TOPICS[scores.index(max(scores))] if max(scores) else TOPICS[-1]


def wanted(text: str) -> list[str]:
    """Sections that a prompt mentions."""
    lowered = text.lower()
    return [name for name, words in SECTION_WORDS.items() if any(word in lowered for word in words)]


@lru_cache(maxsize=512)
def compose(prompts: tuple[str, ...]) -> Page:
    """The page after these prompts."""
    from v0client.simulator.writer import title

    first = prompts[0] if prompts else "Empty page"
    number = digest("page", first)
    sections = ["hero", *wanted(first)[:4]]
    for filler in FILLERS[number % 5 :]:
        if len(sections) >= 4:
            break
        if filler not in sections:
            sections.append(filler)
    palette = list(PALETTES)[number // 7 % (len(PALETTES) - 1)]
    rounded = bool(number // 11 % 2)
    for i, prompt in enumerate(prompts):
        palette = next((c for w, c in COLOUR_WORDS.items() if w in prompt.lower()), palette)
        if i and "rounded" in prompt.lower():
            rounded = True
        if i and not (fresh := [s for s in wanted(prompt) if s not in sections]):
            fresh = [s for s in FILLERS if s not in sections][:1]
        sections.extend(fresh if i else [])
    return Page(
        name=title(first),
        prompt=first,
        topic=topic_of(first),
        layout=LAYOUTS[number // 13 % len(LAYOUTS)],
        palette=palette,
        sections=tuple(sections),
        rounded=rounded,
        changes=prompts[1:],
    )

"""The sections of a previewed page as HTML; their words come from the page's topic."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from v0client.simulator.identity import digest
from v0client.simulator.page import Page

PLANS = (
    ("Starter", "$0", ("3 projects", "30 days of history", "Help by e-mail")),
    ("Team", "$12", ("Unlimited projects", "1 year of history", "Help by chat")),
    ("Business", "$29", ("Single sign-on", "Audit log", "Help by phone")),
)
QUESTIONS = (
    ("Can we try it first?", "Yes, two weeks, without a card."),
    ("Where is our data?", "In the region you choose when you sign up."),
    ("How do we cancel?", "In the settings, at any time, with an export."),
)
QUOTES = (
    ("It replaced two meetings and a spreadsheet.", "Ines, operations"),
    ("The first tool that everybody opened on day two.", "Marek, design"),
    ("Quiet, fast, and it does what it says.", "Noor, support"),
)
STEPS = (
    ("Week 1", "Agree on what is needed"),
    ("Week 2", "First version for five people"),
    ("Week 4", "Open to the whole team"),
    ("Week 6", "Review and tidy up"),
)


def section(name: str, heading: str, inner: str) -> str:
    return f'<section id="{name}"><h2>{escape(heading)}</h2>{inner}</section>'


def hero(page: Page) -> str:
    topic = page.topic
    return f"""<header class="hero"><div><h1>{escape(page.name)}</h1>
<p>{escape(topic.tagline)}</p>
<a class="button" href="#{page.sections[1]}">{escape(topic.action)}</a>
<a class="button plain" href="#{page.sections[-1]}">Learn more</a></div>
<div class="art" aria-hidden="true"></div></header>"""


def cards(page: Page) -> str:
    inner = "".join(
        f'<article class="card"><span class="note">{escape(note)}</span>'
        f"<h3>{escape(name)}</h3><p>{escape(text)}</p></article>"
        for name, text, note in page.topic.items
    )
    return section("cards", "At a glance", f'<div class="grid">{inner}</div>')


def stats(page: Page) -> str:
    inner = "".join(
        f'<div class="card"><span class="quiet">{escape(label)}</span>'
        f'<div class="figure">{escape(value)}</div>'
        f'<span class="note">{escape(change)}</span></div>'
        for label, value, change in page.topic.figures
    )
    return section("stats", "Key figures", f'<div class="grid">{inner}</div>')


def table(page: Page) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in page.topic.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in page.topic.rows
    )
    inner = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return section("table", "Latest", f'<div class="card scroll" tabindex="0">{inner}</div>')


def form(page: Page) -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name, _, _ in page.topic.items)
    inner = f"""<form class="card"><div class="grid">
<label>Name<input name="name" autocomplete="name"></label>
<label>E-mail<input name="email" type="email" autocomplete="email"></label></div>
<label>About<select name="about">{options}</select></label>
<label>Message<textarea name="message" rows="4"></textarea></label>
<button class="button" type="button">{escape(page.topic.action)}</button></form>"""
    return section("form", "Get in touch", inner)


def pricing(page: Page) -> str:
    inner = "".join(
        f'<article class="card{" best" if i == 1 else ""}"><h3>{name}</h3>'
        f'<div class="price">{price}</div><span class="quiet">per person and month</span><ul>'
        + "".join(f"<li>{point}</li>" for point in points)
        + f'</ul><a class="button{"" if i == 1 else " plain"}" href="#pricing">Choose</a></article>'
        for i, (name, price, points) in enumerate(PLANS)
    )
    return section("pricing", "Pricing", f'<div class="grid">{inner}</div>')


def faq(page: Page) -> str:
    inner = "".join(
        f'<details class="card"{" open" if i == 0 else ""}><summary>{question}</summary>'
        f"<p>{answer}</p></details>"
        for i, (question, answer) in enumerate(QUESTIONS)
    )
    return section("faq", "Questions", inner)


def testimonials(page: Page) -> str:
    inner = "".join(
        f'<figure class="card"><blockquote>“{text}”</blockquote>'
        f'<figcaption class="quiet">{author}</figcaption></figure>'
        for text, author in QUOTES
    )
    return section("testimonials", "What people say", f'<div class="grid">{inner}</div>')


def timeline(page: Page) -> str:
    inner = "".join(f'<li><span class="note">{when}</span><br>{what}</li>' for when, what in STEPS)
    return section("timeline", "What happens when", f'<ol class="steps">{inner}</ol>')


def chart(page: Page) -> str:
    values = [20 + digest("bar", page.name, i) % 25 + i * 4 for i in range(12)]
    bars = "".join(
        f'<rect x="{i * 50 + 8}" y="{110 - value}" width="34" height="{value}" rx="3" '
        f'fill="var(--accent)" opacity="{0.45 + i * 0.05:.2f}"/>'
        for i, value in enumerate(values)
    )
    label = f"{page.topic.figures[0][0]} over twelve months"
    inner = (
        f'<div class="card"><svg viewBox="0 0 600 112" role="img" aria-label="{escape(label)}">'
        f'{bars}<line x1="0" x2="600" y1="111" y2="111" stroke="var(--line)"/></svg></div>'
    )
    return section("chart", label, inner)


SECTIONS: dict[str, Callable[[Page], str]] = {
    "hero": hero,
    "cards": cards,
    "stats": stats,
    "table": table,
    "form": form,
    "pricing": pricing,
    "faq": faq,
    "testimonials": testimonials,
    "timeline": timeline,
    "chart": chart,
}

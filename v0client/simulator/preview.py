"""A generated page as one self-contained HTML document: its frame, its style, its layout. What the
sections contain is in preview_sections.py."""

from __future__ import annotations

from html import escape

from v0client.simulator.page import PALETTES, Page
from v0client.simulator.preview_sections import SECTIONS

STYLE = """
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);
font:16px/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif}
a{color:var(--accent)}h1,h2,h3,p{margin:0}
.bar{display:flex;gap:1.5rem;align-items:center;padding:1rem 1.5rem;
border-bottom:1px solid var(--line);background:var(--surface)}
.bar b{margin-right:auto}.bar a{color:var(--quiet);text-decoration:none;font-size:.9rem}
main{width:100%;max-width:70rem;margin:0 auto;padding:0 1.5rem 5rem}
section{margin-top:3.5rem}h2{font-size:1.35rem;letter-spacing:-.01em;margin-bottom:1.1rem}
.hero{padding:4.5rem 0 1rem}.hero h1{font-size:clamp(2.1rem,5.5vw,3.6rem);line-height:1.08;
letter-spacing:-.03em;max-width:18ch}
.hero p{color:var(--quiet);font-size:1.15rem;max-width:46ch;margin:1.1rem 0 1.8rem}
.button{display:inline-block;background:var(--accent);color:var(--on);border:0;font:inherit;
font-weight:600;padding:.7rem 1.25rem;border-radius:var(--radius);text-decoration:none}
.plain{background:transparent;color:var(--text);box-shadow:inset 0 0 0 1px var(--line)}
.grid{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr))}
.card{background:var(--surface);border:1px solid var(--line);border-radius:var(--radius);
padding:1.25rem}.card p,.quiet{color:var(--quiet)}.card h3{font-size:1.05rem;margin:.35rem 0}
.note{color:var(--accent);font-size:.85rem;font-weight:600}
.figure{font-size:1.9rem;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.7rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--quiet);font-size:.85rem;font-weight:600}.scroll{overflow-x:auto}
label{display:block;font-size:.9rem;font-weight:600;margin-bottom:1rem}
input,textarea,select{display:block;width:100%;margin-top:.35rem;padding:.6rem .7rem;font:inherit;
color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:var(--radius)}
ul,ol{padding-left:1.1rem;margin:.9rem 0}li{margin:.3rem 0}summary{cursor:pointer;font-weight:600}
details+details{margin-top:.6rem}.price{font-size:2.1rem;font-weight:650}
.best{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
blockquote{margin:0 0 .8rem;font-size:1.05rem}figure{margin:0}
.steps{list-style:none;padding:0;border-left:2px solid var(--line)}
.steps li{padding:0 0 1.3rem 1.3rem;position:relative}
.steps li::before{content:"";position:absolute;left:-6px;top:.5rem;width:10px;height:10px;
border-radius:50%;background:var(--accent)}
svg{display:block;width:100%;height:auto}
footer{border-top:1px solid var(--line);color:var(--quiet);padding:2rem 1.5rem;text-align:center;
font-size:.9rem}
.centered .hero{text-align:center}.centered .hero h1,.centered .hero p{margin-inline:auto}
.split .hero{display:grid;grid-template-columns:1.2fr 1fr;gap:2.5rem;align-items:center}
.art{aspect-ratio:4/3;border-radius:calc(var(--radius)*1.6);background:
radial-gradient(circle at 25% 20%,var(--on) 0 6%,transparent 7%),
linear-gradient(135deg,var(--accent),color-mix(in srgb,var(--accent) 35%,var(--bg)))}
.centered .art,.sidebar .art,.editorial .art{display:none}
.editorial .hero h1{font-family:ui-serif,Georgia,serif;font-weight:500}
.editorial main{max-width:52rem}
@media(min-width:60rem){.sidebar{display:grid;grid-template-columns:14rem 1fr}
.sidebar .bar{flex-direction:column;align-items:flex-start;border:0;
border-right:1px solid var(--line);padding:2rem 1.5rem;grid-row:span 2}
.sidebar .bar b{margin:0 0 1rem}.sidebar .hero{padding-top:2.5rem}
.sidebar .hero h1{font-size:2rem}.sidebar footer{grid-column:2}}
@media(max-width:40rem){.split .hero{display:block}.art{display:none}.bar a{display:none}}
"""


def page_html(page: Page) -> str:
    """The preview of a version; the same version always gives the same page."""
    accent, on, background, surface, text, quiet, line = PALETTES[page.palette]
    radius = "14px" if page.rounded else "6px"
    name = escape(page.name)
    sections = "\n".join(SECTIONS[section](page) for section in page.sections)
    links = "".join(f'<a href="#{s}">{s.capitalize()}</a>' for s in page.sections[1:5])
    scheme = "dark" if page.palette == "night" else "light"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{scheme}">
<title>{name}</title>
<style>
:root{{--accent:{accent};--on:{on};--bg:{background};--surface:{surface};--text:{text};
--quiet:{quiet};--line:{line};--radius:{radius}}}
{STYLE}</style>
</head>
<body class="{page.layout}">
<nav class="bar"><b>{name}</b>{links}</nav>
<main>
{sections}
</main>
<footer>{name} · {escape(page.topic.tagline)}</footer>
</body>
</html>
"""

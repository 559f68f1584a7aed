"""The files of a generated project: a small Next.js app, one component per section."""

from __future__ import annotations

import json
from functools import lru_cache

from v0client.simulator.page import PALETTES, Page
from v0client.simulator.records import File
from v0client.simulator.sections import COMPONENTS

VARIABLES = ("accent", "accent-text", "background", "surface", "text", "quiet", "line")


def component_name(section: str) -> str:
    return section.capitalize()


def project(page: Page) -> dict[str, str]:
    """Path -> content."""
    files = {
        "app/layout.tsx": layout(page),
        "app/page.tsx": entry(page),
        "app/globals.css": styles(page),
        "lib/data.ts": data(page),
        "package.json": package(page),
        "README.md": readme(page),
    }
    for section in page.sections:
        files[f"components/{section}.tsx"] = COMPONENTS[section]
    return files


def layout(page: Page) -> str:
    return f"""import type {{ Metadata }} from "next"
import "./globals.css"

export const metadata: Metadata = {{
  title: {json.dumps(page.name)},
  description: {json.dumps(page.topic.tagline)},
}}

export default function RootLayout({{ children }}: {{ children: React.ReactNode }}) {{
  return (
    <html lang="en">
      <body>{{children}}</body>
    </html>
  )
}}
"""


def entry(page: Page) -> str:
    imports = "\n".join(
        f'import {{ {component_name(s)} }} from "@/components/{s}"' for s in page.sections
    )
    used = "\n".join(f"      <{component_name(s)} />" for s in page.sections)
    return f"""{imports}

export default function Page() {{
  return (
    <main className="{page.layout}">
{used}
    </main>
  )
}}
"""


def styles(page: Page) -> str:
    colours = zip(VARIABLES, PALETTES[page.palette], strict=True)
    lines = "\n".join(f"  --{name}: {value};" for name, value in colours)
    radius = "14px" if page.rounded else "6px"
    return f""":root {{
{lines}
  --radius: {radius};
}}

* {{ box-sizing: border-box; }}

body {{
  margin: 0;
  background: var(--background);
  color: var(--text);
  font: 16px/1.6 system-ui, sans-serif;
}}

main {{ max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }}
section {{ margin-top: 3rem; }}
.card {{
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  padding: 1.25rem;
}}
.grid {{ display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }}
.button {{
  background: var(--accent);
  color: var(--accent-text);
  border: 0;
  border-radius: var(--radius);
  padding: 0.7rem 1.2rem;
}}
"""


def data(page: Page) -> str:
    topic = page.topic

    def listed(rows: tuple[tuple[str, ...], ...], names: tuple[str, ...]) -> str:
        objects = [
            "  { "
            + ", ".join(
                f"{n}: {json.dumps(v, ensure_ascii=False)}" for n, v in zip(names, row, strict=True)
            )
            + " },"
            for row in rows
        ]
        return "[\n" + "\n".join(objects) + "\n]"

    rows = json.dumps(topic.rows, ensure_ascii=False, indent=2)
    return f"""export const title = {json.dumps(page.name, ensure_ascii=False)}
export const tagline = {json.dumps(topic.tagline, ensure_ascii=False)}
export const action = {json.dumps(topic.action, ensure_ascii=False)}

export const items = {listed(topic.items, ("name", "text", "note"))}

export const figures = {listed(topic.figures, ("label", "value", "change"))}

export const columns = {json.dumps(topic.columns, ensure_ascii=False)}
export const rows = {rows}
"""


def package(page: Page) -> str:
    slug = "-".join("".join(c if c.isalnum() else " " for c in page.name.lower()).split()) or "page"
    content = {
        "name": slug,
        "version": f"0.{len(page.changes) + 1}.0",
        "private": True,
        "scripts": {"dev": "next dev", "build": "next build", "start": "next start"},
        "dependencies": {"next": "15.2.4", "react": "19.0.0", "react-dom": "19.0.0"},
        "devDependencies": {"@types/react": "19.0.0", "typescript": "5.7.3"},
    }
    return json.dumps(content, indent=2) + "\n"


def readme(page: Page) -> str:
    sections = "\n".join(f"- `components/{s}.tsx`" for s in page.sections)
    wishes = "".join(f"{i}. {text[:200]}\n" for i, text in enumerate(page.changes, 1))
    changes = f"\n## Changes\n\n{wishes}" if wishes else ""
    return f"""# {page.name}

> {page.prompt[:300]}

One page, one component per section; the words are in `lib/data.ts`.

{sections}
{changes}
Run it with `npm install` and `npm run dev`.
"""


@lru_cache(maxsize=1)
def default_files() -> tuple[File, ...]:
    """What every project has and answers leave out unless asked."""
    return (
        File("next.config.mjs", "/** @type {import('next').NextConfig} */\nexport default {}\n"),
        File(
            "tsconfig.json",
            json.dumps(
                {
                    "compilerOptions": {
                        "jsx": "preserve",
                        "module": "esnext",
                        "moduleResolution": "bundler",
                        "strict": True,
                        "noEmit": True,
                        "paths": {"@/*": ["./*"]},
                    },
                    "include": ["**/*.ts", "**/*.tsx"],
                },
                indent=2,
            )
            + "\n",
        ),
    )

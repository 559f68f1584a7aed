"""Lighthouse's marks for the chat list on a phone; exits non-zero where one is too low.

Starts a demo of its own, unless an address is given: python -m tests.browser.lighthouse [URL]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.driving import CHROMIUM, FLAGS, chromium, sign_in
from tests.demo import running_demo

LIGHTHOUSE = Path(__file__).parents[2] / "node_modules/.bin/lighthouse"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100}


def session_cookie(base: str) -> str:
    with chromium() as browser:
        context = browser.new_context()
        sign_in(context.new_page(), base, "owner")
        cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    return f"sessionid={cookies['sessionid']}"


def report(url: str, cookie: str, folder: Path) -> dict[str, Any]:
    headers, output = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    flags = " ".join([*FLAGS, "--headless=new", f"--user-data-dir={folder / 'profile'}"])
    subprocess.run(
        [
            LIGHTHOUSE,
            url,
            "--quiet",
            "--output=json",
            f"--output-path={output}",
            f"--extra-headers={headers}",
            f"--only-categories={','.join(LEAST)}",
            f"--chrome-flags={flags}",
        ],
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        check=True,
        timeout=180,
    )
    loaded: dict[str, Any] = json.loads(output.read_text())
    return loaded


def failing(found: dict[str, Any], category: str) -> list[str]:
    """The titles of the category's audits that cost points."""
    audits = found["audits"]
    names = [row["id"] for row in found["categories"][category]["auditRefs"] if row["weight"]]
    return [
        f"{audits[name]['title']} {audits[name].get('displayValue', '')}".strip()
        for name in names
        if audits[name]["score"] is not None and audits[name]["score"] < 1
    ]


def main(base: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = report(f"{base}/t/acme/chats/", session_cookie(base), Path(folder))
    worst = 0
    for category, least in LEAST.items():
        score = round(found["categories"][category]["score"] * 100)
        print(f"{category}: {score} (at least {least})")
        if score < least:
            worst = 1
            print(*(f"  {text}" for text in failing(found, category)), sep="\n")
    return worst


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(sys.argv[1].rstrip("/")))
    with running_demo() as address:
        sys.exit(main(address))

"""What a deployment does over time: its state, its log lines and its error, all by the clock."""

from __future__ import annotations

from dataclasses import dataclass

from v0client.simulator.identity import DEPLOYMENT, HASHED, digest, spell
from v0client.simulator.records import Chat, Deployment, Person, Version
from v0client.simulator.store import Store

FAILING_WORDS = "break the build"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; `share` is how far the build is when it appears."""

    share: float
    text: str
    level: str = "info"

    @property
    def stream(self) -> str:
        return "stderr" if self.level == "error" else "stdout"


BEGINNING = (
    Line(0.02, "Running build in Washington, D.C., USA (East) – iad1"),
    Line(0.06, "Retrieving list of deployment files..."),
    Line(0.1, "Downloading {files} deployment files..."),
    Line(0.18, "Detected Next.js version: 15.2.4"),
    Line(0.22, 'Running "npm install"'),
    Line(0.38, "added 38 packages in 6s"),
    Line(0.4, "warn: 2 packages look for funding", "warning"),
    Line(0.44, 'Running "npm run build"'),
    Line(0.48, "▲ Next.js 15.2.4"),
    Line(0.52, "Creating an optimized production build ..."),
)
READY = (
    Line(0.68, "✓ Compiled successfully"),
    Line(0.74, "Linting and checking validity of types ..."),
    Line(0.8, "✓ Generating static pages (4/4)"),
    Line(0.86, "Finalizing page optimization ..."),
    Line(0.92, "Build Completed in /vercel/output"),
    Line(0.96, "Deploying outputs..."),
    Line(1.0, "Deployment completed"),
)
# What can go wrong: kind, the compiler's words, and the sentence for people.
TROUBLES = (
    (
        "ModuleNotFound",
        "./components/chart.tsx\nModule not found: Can't resolve 'recharts'",
        "components/chart.tsx imports 'recharts', which package.json does not list.",
    ),
    (
        "TypeError",
        "./app/page.tsx:14:21\nType error: Property 'tier' does not exist on type 'Plan'.",
        "app/page.tsx uses 'tier' on line 14, but Plan has no such property.",
    ),
    (
        "PrerenderError",
        'Error occurred prerendering page "/"\nReferenceError: window is not defined',
        "The page reads 'window' while it is rendered on the server.",
    ),
)


def begin(
    store: Store, person: Person, chat: Chat, version: Version, at: float, failed: bool = False
) -> Deployment:
    """A new deployment of a version, building from `at` on."""
    id_ = store.minter.mint("deployment", DEPLOYMENT, "dpl_")
    deployment = Deployment(
        id=id_,
        chat_id=chat.id,
        version_id=version.id,
        project_id=chat.project_id,
        team_id=person.team_id,
        created_at=at,
        duration=round((20 + digest("build", id_) % 2000 / 100) / store.speed, 3),
        failed=failed or bool(version.prompts and FAILING_WORDS in version.prompts[-1].lower()),
        name=chat.name or "page",
    )
    store.deployments[id_] = deployment
    return deployment


def state(deployment: Deployment, now: float) -> str:
    """building, ready or failed."""
    if deployment.created_at + deployment.duration > now:
        return "building"
    return "failed" if deployment.failed else "ready"


def trouble(deployment: Deployment) -> tuple[str, str, str]:
    return TROUBLES[digest("trouble", deployment.id) % len(TROUBLES)]


def lines(deployment: Deployment) -> list[tuple[float, str, Line]]:
    """Every line with its moment and id."""
    ending: tuple[Line, ...] = READY
    if deployment.failed:
        texts = ["Failed to compile.", *trouble(deployment)[1].split("\n")]
        texts.append('Error: Command "npm run build" exited with 1')
        ending = tuple(Line(0.7 + 0.1 * i, text, "error") for i, text in enumerate(texts[:3]))
        ending += (Line(1.0, texts[-1], "error"),)
    listed = []
    for i, line in enumerate((*BEGINNING, *ending)):
        at = round(deployment.created_at + line.share * deployment.duration, 3)
        listed.append((at, spell(digest("line", deployment.id, i), HASHED), line))
    return listed

"""Parents and children to the geometry of a fork tree. Pure; components/tree.html draws it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import short

NODE_WIDTH, NODE_HEIGHT, GAP_ACROSS, GAP_DOWN = 216.0, 44.0, 36.0, 12.0


@dataclass(frozen=True)
class Leaf:
    """One thing of a tree as people see it, and the key of what it was made from."""

    parent: Hashable | None
    title: str
    note: str = ""
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Node:
    leaf: Leaf
    x: str
    y: str
    depth: int


@dataclass(frozen=True)
class Tree:
    width: str
    height: str
    nodes: Sequence[Node]
    edges: Sequence[str]
    node_width: str = f"{NODE_WIDTH:g}"
    node_height: str = f"{NODE_HEIGHT:g}"


def tree(leaves: Mapping[Any, Leaf]) -> Tree:
    """A fork tree from left to right, siblings in the given order.

    A parent that is not in the mapping counts as none; a circle is cut where it would close.
    """
    children: dict[Hashable | None, list[Hashable]] = {}
    for key, leaf in leaves.items():
        known = leaf.parent in leaves and leaf.parent != key
        children.setdefault(leaf.parent if known else None, []).append(key)
    placed: dict[Hashable, tuple[int, int]] = {}
    row = 0
    for start in [*children.get(None, []), *leaves]:
        row = place(start, children, placed, row)
    return drawn(leaves, placed)


def place(
    start: Hashable,
    children: Mapping[Hashable | None, Sequence[Hashable]],
    placed: dict[Hashable, tuple[int, int]],
    row: int,
) -> int:
    """Gives start and what comes from it a column and a row; returns the next free row."""
    pending = [(start, 0)]
    while pending:
        key, depth = pending.pop()
        if key in placed:
            continue
        placed[key] = (depth, row)
        fresh = [child for child in children.get(key, ()) if child not in placed]
        row += 0 if fresh else 1
        pending.extend((child, depth + 1) for child in reversed(fresh))
    return row


def drawn(leaves: Mapping[Hashable, Leaf], placed: Mapping[Hashable, tuple[int, int]]) -> Tree:
    spots = {
        key: (1 + depth * (NODE_WIDTH + GAP_ACROSS), 1 + row * (NODE_HEIGHT + GAP_DOWN))
        for key, (depth, row) in placed.items()
    }
    edges = [
        curve(spots[leaf.parent], spots[key])
        for key, leaf in leaves.items()
        if leaf.parent in spots and spots[leaf.parent][0] < spots[key][0]
    ]
    nodes = [Node(leaves[key], short(x), short(y), placed[key][0]) for key, (x, y) in spots.items()]
    width = max((x for x, _ in spots.values()), default=0.0) + NODE_WIDTH + 1
    height = max((y for _, y in spots.values()), default=0.0) + NODE_HEIGHT + 1
    return Tree(short(width), short(height), nodes, edges)


def curve(parent: tuple[float, float], child: tuple[float, float]) -> str:
    """From the right side of one box to the left side of another."""
    x, y = parent[0] + NODE_WIDTH, parent[1] + NODE_HEIGHT / 2
    to_x, to_y = child[0], child[1] + NODE_HEIGHT / 2
    bend = (x + to_x) / 2
    points = [(bend, y), (bend, to_y), (to_x, to_y)]
    return f"M{short(x)} {short(y)}C" + " ".join(f"{short(a)} {short(b)}" for a, b in points)

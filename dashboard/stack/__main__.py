"""The command python -m dashboard.stack. PORT and DATA come from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dashboard.stack.children import StackError
from dashboard.stack.supervisor import manage, run

USAGE = "Use: python -m dashboard.stack demo | run | manage <command of manage.py>"


def main(arguments: list[str]) -> int:
    if sys.platform != "linux":
        print("This starts on Linux only. Elsewhere, use compose.yaml.", file=sys.stderr)
        return 1
    folder = Path(os.environ.get("DATA") or "data").absolute()
    try:
        match arguments:
            case ["demo" | "run" as mode]:
                # Apart from each other: everybody knows the passwords of the demo.
                data = folder / mode
                run(demo=mode == "demo", data=data, wanted_port=os.environ.get("PORT", ""))
            case ["manage", *rest]:
                manage([folder / "run", folder / "demo"], rest)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

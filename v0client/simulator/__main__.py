"""`python -m v0client.simulator`."""

from __future__ import annotations

from v0client.simulator.server import main

if __name__ == "__main__":
    main()

"""`make cluster`: a whole site on several hosts, on this machine, to look at, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress

from tests.cluster.deployment import deployment
from tests.cluster.network import network
from tests.cluster.starting import CanNotStart


def main() -> int:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    print(
        "Starts PostgreSQL, Redis, an S3 store, three nodes of OpenSearch, two hosts of the site, nginx …",
        flush=True,
    )
    with suppress(KeyboardInterrupt):
        try:
            with network() as made, deployment(made) as site:
                for name, address in site.addresses.items():
                    print(f"  {name:20} {address}")
                print(f"\n{site.editor}\nCtrl-C ends all of it, and what is in it.", flush=True)
                ended.wait()
        except CanNotStart as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

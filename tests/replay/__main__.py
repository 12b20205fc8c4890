"""`python -m tests.replay record | compare`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.replay import documents, recording, requests
from tests.replay.site import Site, replayed, same_each_time


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("what", choices=["record", "compare"])
    parser.add_argument("--kinds", nargs="+", choices=recording.KINDS, default=recording.KINDS)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="compare every Nth case only")
    parser.add_argument("--allow", type=Path, default=recording.ALLOWED, help="a file of what may differ")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinwenku-replay-") as folder, replayed(Path(folder)) as site:
        if options.what == "record":
            for kind in options.kinds:
                cases = list(_recorded(kind, site))
                path = recording.write(kind, cases)
                print(f"{path.name}: {len(cases)} cases, {path.stat().st_size:,} bytes")
            differing = False
        else:
            differing = _compare(site, options.kinds, options.every, recording.Allowed(options.allow))
    sys.stdout.flush()
    os._exit(differing)  # threads that the site started do not hold the process up


def _recorded(kind: str, site: Site) -> Iterator[recording.Case]:
    if kind == "export":
        for name, week in _exported(site).items():
            yield {"name": name, "asked": None, "answer": week}
    elif kind == "imports":
        for document in documents.documents(site.exported()):
            yield {
                "name": f"import/{document['name']}",
                "asked": document,
                "answer": site.dry_run(document),
            }
    else:
        asked = {"queries": requests.queries, "explained": requests.explained, "pages": requests.pages}
        for request in asked[kind]():
            yield {"name": request["name"], "asked": request, "answer": site.answer(request)}


def _exported(site: Site) -> dict[str, Any]:
    """The exported weeks by the names of their cases."""
    weeks = [json.loads(same_each_time(line)) for line in site.exported()]
    return {f"export/{week['slug']}": week for week in weeks}


def _compare(site: Site, kinds: list[str], every: int, allowed: recording.Allowed) -> bool:
    count = differing = 0
    for kind in kinds:
        exported = _exported(site) if kind == "export" else {}
        for case in recording.read(kind)[::every]:
            count += 1
            if kind == "export":
                answer = exported.pop(case["name"], None)
            elif kind == "imports":
                answer = site.dry_run(case["asked"])
            else:
                answer = site.answer(case["asked"])
            for place, how in recording.differences(case["answer"], answer):
                reason = allowed.reason(case["name"], place, how)
                differing += not reason
                print(f"{f'allowed ({reason})' if reason else 'DIFFERS'}: {case['name']} {place}\n  {how}")
        if kind == "export" and every == 1:
            differing += len(exported)
            print(*(f"DIFFERS: {name} was not recorded" for name in exported), sep="\n", end="")
    if every == 1 and tuple(kinds) == recording.KINDS:
        for pattern in sorted(allowed.unused):
            print(f"nothing differs any more that {pattern!r} would allow")
    print(f"{count} cases, {differing} differences that are not allowed")
    return bool(differing)


if __name__ == "__main__":
    main()

"""What a body costs that is cut into its blocks: CPU time, for those of the demo weeks and two made ones.

python -m benchmarks.bodies                # this code
python benchmarks/bodies.py --tree DIR     # another checkout's, 0.1.0's too
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMES = 15
PLAIN = "\n".join(f"<p>{'台积电宣布扩产先进封装产能，' * 8}{number}</p>" for number in range(8))

RICH = PLAIN.replace("扩产", "<strong>扩产</strong>").replace(
    "</p>", '<a href="/x">甲</a></p><ul><li>乙</li></ul>'
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout whose code is measured")
    sys.path.insert(0, str(tree := parser.parse_args().tree.resolve()))
    os.chdir(tree)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "only-for-benchmarks"}
    import django

    django.setup()
    from archive.body import clean
    from archive.reading import read_file

    weeks = [week for path in sorted(Path("fixtures/weeks").iterdir()) for week in read_file(path)]
    bodies = [clean(article.body_html) for week in weeks for article in week.articles]
    report("a body of the demo weeks", bodies)
    report(f"{len(PLAIN)} characters of plain paragraphs", [PLAIN])
    report(f"{len(RICH)} characters of rich text", [RICH])


def report(what: str, bodies: Sequence[str]) -> None:
    from archive import body as module

    # in 0.1.0 the function that remembers was a private one
    cut = getattr(module, "_blocks_of", module.blocks_of).__wrapped__
    seconds = []
    for _ in range(TIMES):
        begin = time.process_time()
        for body in bodies * (300 // len(bodies)):
            cut(body)
        seconds.append((time.process_time() - begin) / (300 // len(bodies) * len(bodies)))
    print(f"{what}: {min(seconds) * 1000:.3f} ms")


if __name__ == "__main__":
    main()

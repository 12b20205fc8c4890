"""English words in their singular: `chiplets` → `chiplet`, `foundries` → `foundry`. Pure.

A rule and its exceptions, not a lemmatiser: those also know verbs (`used`, `left`) and take names for plurals
(`AWS`, `Ansys`). A word that is taken for a plural by mistake is still found: texts and queries are cut alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    plural: singular
    for singular, plurals in {
        "analysis": "analyses",
        "basis": "bases",
        "die": "dies",
        "half": "halves",
        "lens": "lenses",
        "movie": "movies",
        "cookie": "cookies",
        "cache": "caches",
        "niche": "niches",
        "axis": "axes",
        "bus": "buses",
        "campus": "campuses",
        "status": "statuses",
        "virus": "viruses",
        # Acronyms and short forms that end like a singular.
        "api": "apis",
        "asic": "asics",
        "gui": "guis",
        "menu": "menus",
        "ceo": "ceos",
        "cfo": "cfos",
        "cto": "ctos",
        "ipo": "ipos",
        "ldo": "ldos",
        "fpga": "fpgas",
        "area": "areas",
        "camera": "cameras",
        "idea": "ideas",
        "demo": "demos",
        "photo": "photos",
        "ratio": "ratios",
        "scenario": "scenarios",
        "studio": "studios",
        "video": "videos",
        "clinic": "clinics",
        "critic": "critics",
        "fabric": "fabrics",
        "metric": "metrics",
        "topic": "topics",
        "characteristic": "characteristics",
    }.items()
    for plural in plurals.split()
}
_SINGULAR = frozenset(
    # Words and names that end in -s and are no plural, as far as no ending below tells.
    "aries ansys infosys synopsys siemens cerebras series species news lens mars does goes jobs james windows mercedes "
    "globalfoundries paris texas arms axcelis edwards williams rebellions holdings hermes kubernetes keras pandas "
    "serdes https always perhaps besides whereas towards afterwards yours ours theirs".split()
)
_STAYS = ("ss", "us", "is", "os", "as", "ics", "sys")
"""`process`, `asus`, `analysis`, `cowos`, `atlas`, `photonics`, `ansys`: what ends so is no plural, as a rule."""
_PROCESSORS = re.compile(r"(?!opus)[a-z](?:pu|cu|mu)s")
"""`gpus`, `mcus`, `pmus`."""
_WITH_E = ("ch", "sh", "ss", "x")
_WORD = re.compile("[a-z]{4,}")


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """Returns a folded word in its singular; what is no English plural stays as it is.

    >>> [singular(word) for word in ("chiplets", "foundries", "switches", "gpus", "osats")]
    ['chiplet', 'foundry', 'switch', 'gpu', 'osat']
    >>> [singular(word) for word in ("aws", "asus", "process", "analysis", "globalfoundries", "hbm3s")]
    ['aws', 'asus', 'process', 'analysis', 'globalfoundries', 'hbm3s']
    """
    if word[-1:] != "s" or not _WORD.fullmatch(word) or word in _SINGULAR:
        return word
    if known := _IRREGULAR.get(word):
        return known
    if _PROCESSORS.fullmatch(word):
        return word[:-1]
    if word.endswith(_STAYS):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(tuple(f"{end}es" for end in _WITH_E)):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=20_000)
def plural(word: str) -> str:
    """Returns the plural that `singular` leads back from; nothing where there is none.

    >>> plural("chiplet"), plural("foundry"), plural("switch"), plural("gpu"), plural("aws")
    ('chiplets', 'foundries', 'switches', 'gpus', '')
    """
    ends = (f"{word[:-1]}ies", f"{word}s") if word[-1:] == "y" else (f"{word}s", f"{word}es")
    return next(
        (end for end in (ends[::-1] if word.endswith(_WITH_E) else ends) if singular(end) == word), ""
    )

"""jieba cuts Han characters into words: run in Rust by rjieba, or by itself where rjieba has no wheel. Pure.

Both cut the same words (tests/search/test_cutter.py), so an index that one has written is read with the other. rjieba
is ten times as fast. `XWK_CUTTER=jieba` or `=rjieba` asks for one of them.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

CHARACTERS = "\u4e00-\u9fd5"
"""What jieba finds words in. Others never reach it: jieba and rjieba make different things of them."""
RARE = (
    "\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002ebef\U0002f800-\U0002fa1f"
)
"""Side by side they are one word (`𬬻𬭊`), as rjieba has it. What is in neither class (`々`) is a word of its own."""
_ASKED = os.environ.get("XWK_CUTTER", "")
if _ASKED not in ("", "jieba", "rjieba"):
    raise ValueError(f"XWK_CUTTER={_ASKED}: use jieba or rjieba, or leave it out")

NAME = _ASKED or "rjieba"
"""Who cuts."""
if NAME == "rjieba":
    try:
        import rjieba
    except ImportError:
        if _ASKED:
            raise
        NAME = "jieba"

if NAME == "rjieba":
    # Not by a Jieba() of our own: the module has loaded one already, and each holds a dictionary of 24 MB.
    def cut_for_search(run: str) -> list[tuple[str, int, int]]:
        """Returns the words in a run of CHARACTERS with their places, long words with the words in them."""
        return rjieba.tokenize(run, "search")

    def cut_known(run: str) -> list[str]:
        """Returns the dictionary's words in a run; what it does not know falls into characters."""
        return rjieba.cut(run, False)

    def first_tag(run: str) -> str:
        """Returns what kind of word a run begins with, by the dictionary's tags: `nr` a person, `ns` a place."""
        return rjieba.tag(run, True)[0][1]

else:

    def cut_for_search(run: str) -> list[tuple[str, int, int]]:
        """Returns the words in a run of CHARACTERS with their places, long words with the words in them."""
        return list(load_jieba().tokenize(run, mode="search"))

    def cut_known(run: str) -> list[str]:
        """Returns the dictionary's words in a run; what it does not know falls into characters."""
        return list(load_jieba().cut(run, HMM=False))

    def first_tag(run: str) -> str:
        """Returns what kind of word a run begins with, by the dictionary's tags: `nr` a person, `ns` a place."""
        from jieba.posseg import POSTokenizer  # reads its model, which only who uses it pays

        return str(next(iter(POSTokenizer(load_jieba()).cut(run))).flag)


@cache
def load_jieba() -> Any:
    """Returns jieba with its dictionary, which it reads from its package.

    Its own `initialize` would take it from a cache in the shared temporary folder, where another user of the machine
    can put a program in its place. Its probabilities are rounded as rjieba's are: with all their digits, of words that
    are equally likely (`江江江` `江江`, `江江` `江江江`) each would choose others.
    """
    import jieba  # 0.1 s, which only who uses it pays
    from jieba import finalseg

    for probabilities in finalseg.emit_P.values():
        probabilities.update({character: round(value, 6) for character, value in probabilities.items()})
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer

"""pypinyin as we use it: light, and with the readings that people use today.

Without its table of phrases and second copies of all, which are 45 MB of every worker. Import it from here: it reads
these two variables while it is imported. `glossary.slugs` loads the phrases where they are needed.

Its table of characters is that of the great dictionaries: 肥 is also `bi` there, 封 also `bian`. What 现代汉语词典
(1983) does not have beside the usual reading is left out, or `hb` would be 合肥.
"""

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin_dict.pinyin_data.kxhc1983 import pinyin_dict as modern

__all__ = ["Style", "lazy_pinyin", "load_phrases_dict", "pinyin"]


def _used_today(readings: str, known: str) -> str:
    usual, *others = readings.split(",")
    return ",".join([usual, *(other for other in others if other in known.split(","))])


PINYIN_DICT.update(
    {code: _used_today(PINYIN_DICT[code], known) for code, known in modern.items() if code in PINYIN_DICT}
)

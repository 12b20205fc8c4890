"""pypinyin as we use it: without its table of phrases and second copies of all, which are 45 MB of every worker.

Import it from here: it reads these two variables while it is imported. `glossary.slugs` loads the phrases where they
are needed.
"""

import os

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

__all__ = ["Style", "lazy_pinyin", "load_phrases_dict", "pinyin"]

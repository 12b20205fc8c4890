"""The new-word radar: names, companies and product codes that the archive uses and the glossary lacks.

the newest articles ─┬─ han: runs that the dictionary can not cut ─┐
                     └─ latin: codes and names ────────────────────┴─► candidates, minus ignored words
                                                                      ─► counted in the whole archive
"""

from insight.radar.candidate import Candidate as Candidate
from insight.radar.candidate import Example as Example
from insight.radar.extraction import candidates as candidates
from insight.radar.extraction import unknown_words as unknown_words

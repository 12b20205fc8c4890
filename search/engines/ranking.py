"""What adds how much to a score, and what a relaxed query lets go: the same for every engine that ranks. Pure."""

from __future__ import annotations

FIELD_WEIGHTS = {"text": 1.0, "title": 2.0, "lead": 0.5}
RUN_WEIGHT = 1.0
RUN_IN_TITLE_WEIGHT = 2.5
"""What a field or a run adds to the score. Chosen on the golden queries (fixtures/queries.tsv)."""
RECENCY_WEIGHT = 0.02
"""The newest article scores this share more than the oldest: it decides between equals and nothing else."""

FIRST_SCORE = 1000.0
"""More than any words score: what a query names as a whole comes before what holds its parts."""

LEAST_SHARE = 0.2
NEAR_BEST = 0.25
"""Of a relaxed query's weight, what an article must hold at least, and compared with the best article."""

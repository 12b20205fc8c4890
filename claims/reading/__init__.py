"""Reads what a text states in numbers: money, percentages, process nodes, capacities, dates. Pure.

text ─ sentences ─► amounts: numbers with their scale ─► kinds: what their units make of them, dates
                 ─► subjects: of which term each is said, where the sentence leaves no doubt
"""

from claims.reading.found import KINDS, SUBJECT_KINDS, Found, Kind, Qualifier, Statement
from claims.reading.statements import read_statements

__all__ = ["KINDS", "SUBJECT_KINDS", "Found", "Kind", "Qualifier", "Statement", "read_statements"]

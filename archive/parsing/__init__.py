"""Parses the text of a pasted week into title, dates, articles and sign-off. Pure: no Django, no files, no clock."""

from archive.parsing.dates import DateRange, find_year_in_name, parse_dates
from archive.parsing.document import Line, ParsedArticle, ParsedIssue, ParseWarning, Part, Reading
from archive.parsing.issue import parse_issue
from archive.parsing.text import read_lines
from archive.parsing.weeks import split_weeks

__all__ = [
    "DateRange",
    "Line",
    "ParseWarning",
    "ParsedArticle",
    "ParsedIssue",
    "Part",
    "Reading",
    "find_year_in_name",
    "parse_dates",
    "parse_issue",
    "read_lines",
    "split_weeks",
]

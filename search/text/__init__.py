"""Cuts text into words, for the index and for queries alike."""

TEXT_VERSION = 3
"""The version of the words that are in an index. Raise it by one when the same text becomes other tokens.

That is after a change of this folder, of glossary/folding, of glossary/matching, or of a library or a table of Unicode
that they use. An index of another version is left to the code that built it, and one of this version is built beside
it. `tests/search/test_text_version.py` fails when the tokens change and this number does not.
"""

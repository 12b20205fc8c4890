"""Layouts in which editors paste a week, and what must be read in each. A row of a table is a claim."""

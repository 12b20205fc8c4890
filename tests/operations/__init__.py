"""docs/operations.md, done as it is written, on a machine that has nothing of the site."""

"""Speed measured against other engines on the same data: `make bench`."""

"""A picture of every page: `pages` says which, `acts` what is done on them first, `plates` how they are put together."""

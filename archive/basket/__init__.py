"""剪报篮: what readers clip from articles, kept in their browser, exported with citations."""

"""剪报篮: readers clip articles and paragraphs; their browser keeps the list, the site exports it with citations."""

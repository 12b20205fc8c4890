"""The whole archive as one HTML file: a reader and a search that need no server, opened from a disk or a stick.

    published issues ─ contents ─► rows ─ page ─► one file, whole or not there     export_archive, the worker
                                                   └ reader.js: folds the texts once, finds any run of characters

`page.html`, `reader.css` and `reader.js` become part of the file; the site itself serves none of them.
"""

"""Many weeks at once: a folder, files or a zip of back issues become a table of weeks, and the clean ones are stored.

receiving (what a browser sent → files) → reading (worker: file → weeks) → doubts (pure: which need a person)
→ accepting (a person says yes) → storing (worker: week → issue) — and any week can be opened at the desk instead.
"""

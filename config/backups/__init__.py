"""Backups: one zip file with the database and the media of a site, and the way back.

making      a consistent copy while the site serves  ─► FILE, verified
drafts      where it is written, and what killed processes left there
restoring   FILE, every byte checked  ─► an empty data directory
manifest    what a backup says of itself (pure)
sqlite      copying, checking and counting a database file
"""

"""Backups: one zip file with the database and the media of a site, made, verified and restored.

making      a consistent copy while the site serves  ─► FILE, verified
drafts      the temporary folder of a backup in the making; removes those of killed processes
unpacking   FILE, every byte checked  ─► an empty data directory
manifest    the list of a backup's files with their checksums (pure)
databases   what is asked of a database, and which one the site has
sqlite      copying, checking and counting a database file
postgres    the same by pg_dump and pg_restore
"""

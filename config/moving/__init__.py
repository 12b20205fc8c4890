"""Moves a whole archive from SQLite to PostgreSQL, with every id (`manage.py move_database`).

    source, one state of it ─ tables: row for row, hashed ─► target, a table a transaction ─ read again, compared

tables      reading, copying and hashing the rows of a model
target      what the target database is: empty, begun, or somebody's
move        the order of it all
"""

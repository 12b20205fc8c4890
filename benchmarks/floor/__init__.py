"""The site, and beside it on the same gunicorn a view of Django alone: what any page costs at least."""

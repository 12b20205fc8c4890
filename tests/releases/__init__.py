"""Sites as released versions left them, and what today's code makes of them.

`python -m tests.releases.make FOLDER` makes one with the code that is checked out: run it at a release's tag, and
commit the folder as `fixtures/releases/VERSION`. Each holds

    backup.zip       what `manage.py backup` wrote
    data.tar.xz      the data directory: database, index, figures; no secret key, which is made anew
    expected.json    what that site answered: the API, the export, figures, accounts, versions
"""

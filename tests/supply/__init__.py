"""What the site is built from: known holes, licences, ages and uses of what requirements*.in name.

audit          `make check`: asks a database of advisories about every pinned version
dependencies   `make dependencies`: writes docs/dependencies.md
requirements   requirements*.in and their locks as data
"""

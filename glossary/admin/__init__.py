"""Django admin for editors: terms with their aliases, and where they are mentioned. All of it in Chinese."""

from glossary.admin import terms  # noqa: F401 - they register themselves

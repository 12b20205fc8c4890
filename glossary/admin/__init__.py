"""Django admin for editors: terms with their aliases, and where they are mentioned. All of it in Chinese."""

from glossary.admin.terms import AliasForm as AliasForm
from glossary.admin.terms import MentionAdmin as MentionAdmin
from glossary.admin.terms import TermAdmin as TermAdmin
from glossary.admin.terms import TermForm as TermForm

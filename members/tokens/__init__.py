"""Personal tokens: how programs of a member read a closed archive.

models      what is kept of a token, and that is not the token
issuing     make, revoke, find, note the use
presented   where a request carries one
views       the page where a member makes and revokes them
"""

from members.tokens.issuing import find, make, note_use, revoke
from members.tokens.presented import in_headers, taken_from_address

__all__ = ["find", "in_headers", "make", "note_use", "revoke", "taken_from_address"]

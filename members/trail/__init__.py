"""The trail: who did what to accounts and archive, when, and from where; in a table and in the log.

    use cases of members           trail.record(What.…, by=user) ─┐
    rooms below (archive/audit)    note("published", issue) ──────┤
    Django: log-ins, accounts      watching ──────────────────────┴─► Event · a line of the logger `trail`

What is kept of members' reading: nothing. Log-ins, log-outs, and every change of a `User` (password, may log in,
role, new, gone) are noted by `watching`, whoever makes them: whoever calls such a use case records nothing of it.
"""

from members.trail.models import What
from members.trail.recording import record

__all__ = ["What", "record"]

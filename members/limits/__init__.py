"""How often one account or address may ask for what costs much: 429, with when to try again.

    page cache ─► has it: costs nothing, counts nothing
        └ makes it ─► rules: which limit the view has ─► archive.counting counts ─► the view, or a refusal

What a limit allows is a setting (LIMITS); who is never limited, too (LIMITS_LIFTED_FOR).
"""

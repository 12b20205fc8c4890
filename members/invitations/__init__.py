"""How someone becomes a member or an editor: 主编 invite, whoever is invited chooses a name and a password.

inviting      one address, a list of addresses, a link for whoever has an address of the alliance's
accepting     an invitation becomes an account, once
addresses     what was pasted → names and addresses (pure)
"""

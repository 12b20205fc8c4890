"""Everyone's own data: to download, and to delete with the account.

export      an account and all that is kept with it, as JSON
deletion    what goes with an account, what stays, and who can not be deleted
"""

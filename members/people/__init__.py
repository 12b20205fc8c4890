"""The page of 主编: who is there, in which role, and what can be done about an account."""

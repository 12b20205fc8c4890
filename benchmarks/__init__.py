"""Measurements that anyone can repeat. Nothing of the site imports this."""

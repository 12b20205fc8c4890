"""Guesses which articles are near in meaning to a text, where words do not find them.

    articles and the glossary's notes ─► learning (the worker) ─► store: a folder of arrays ─► nearest: the guesses

`lsa` is the mathematics, and pure. Whoever guesses otherwise writes another `base.Model`.
"""

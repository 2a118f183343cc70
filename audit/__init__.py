"""The append-only journal: what was done, by whom, under which article, provable afterwards.

It stands on SQLAlchemy Core and ``cryptography`` alone, so that a verifier runs without the
application it watches.
"""

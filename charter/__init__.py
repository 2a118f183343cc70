"""The charter: texts, roles, mandates, signatures, and the one table of rules.

Start with ``rules.py``: who may do what, under which condition, seeing which
categories of fields, and by which article. Everything else serves that table.
"""

"""Sealed deposits: a saisine the depositor cannot read again, and its triage."""

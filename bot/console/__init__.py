"""The staff door at `/staff`: server-rendered pages for the people of a clinic.

Closed by default: every route says what it needs (`access.py`). Pages are thin: parse, query,
render.
"""

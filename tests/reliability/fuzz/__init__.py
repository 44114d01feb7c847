"""Anything at all is sent to every page and put into every file that is taken in: `python -m tests.reliability.fuzz`.

Never a fault of the server, never a row half-written. What to ask comes from the URL configuration itself, through the
tables of the sweeps (`tests/front/every_page.py`, `what_is_sent.py`), and from what each page asks its request for.
"""

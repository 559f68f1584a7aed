"""Starts everything the dashboard needs on one machine, for the demo, small teams and tests.

Nothing here is imported by the app itself: production points at servers of its own.
"""

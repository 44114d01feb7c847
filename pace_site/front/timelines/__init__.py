"""Timelines: one child's way from first referral to legal permanence, siblings, and placement histories of many."""

"""Imports in the browser: upload an extract, look at its dry run, take it in, undo it; and who is missing from it."""

"""Work that takes longer than a request may: queued in the database, carried out by a worker, watched on a page."""

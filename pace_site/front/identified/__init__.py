"""Lists of children by name as files: asked for with a reason, marked with who took them, and found in the trail."""

"""The highlight report as slides, with charts that can be edited in PowerPoint."""

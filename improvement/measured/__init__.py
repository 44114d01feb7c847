"""Measures by month: counted from milestones or typed in, judged, drawn and put into words."""

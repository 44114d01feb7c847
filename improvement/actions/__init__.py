"""What people do with ideas and tests of change: each writes its rows and its lines of the trail at once."""

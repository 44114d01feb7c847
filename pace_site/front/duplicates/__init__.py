"""Records that may be of one child: found, compared, merged, told apart; and siblings not yet of one family."""

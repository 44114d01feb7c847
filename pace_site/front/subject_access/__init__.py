"""Everything that is held of one child, for whoever asks under UK GDPR article 15, and nothing of anybody else."""

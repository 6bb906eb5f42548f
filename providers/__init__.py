"""Outside services behind one seam, each with an offline version."""

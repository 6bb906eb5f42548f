"""Models: frames in, numbers out."""

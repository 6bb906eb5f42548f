"""Changes: verbs on one noun, one transaction each."""

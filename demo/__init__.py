"""The demo shop: a seeded simulator that writes through the same doors as a real shop."""

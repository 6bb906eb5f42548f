"""The only code that talks to a database, cache, log or disk."""

"""The tables of PostgreSQL."""

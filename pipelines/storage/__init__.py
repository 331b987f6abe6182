"""The database: models, sessions, and what is read from and written to it."""

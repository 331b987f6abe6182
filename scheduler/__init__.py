"""The service: when a source is due, who is told, web pages, API and the command line. Knows no markup."""

"""Deliveries: from the outbox to mail, chat and webhooks."""

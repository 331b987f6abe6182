"""CMS families: how each lists its publications and pages through them."""

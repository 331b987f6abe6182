"""The whole job on sample bureaus, on loopback."""

"""Sample bureau web sites: published, edited and withdrawn reports over real HTTP."""

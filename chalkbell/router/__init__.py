"""The router's side that the application keeps: keys, node configuration, and the life of its process.

Crossbar itself has an environment of its own (`router/`), so nothing here imports it.
"""

"""One module a kind of request; each has ``register(app, services)`` and short callbacks."""

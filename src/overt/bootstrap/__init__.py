"""Join adapters to services: the only place where real parts are chosen."""

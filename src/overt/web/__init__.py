"""The console: pages, live events and the API, on the same services as the commands."""

"""The HTTP face: the app, its errors, and one module a group of routes."""

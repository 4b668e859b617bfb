"""Reads and checks the knowledge base."""

"""A local workspace that behaves as Slack does toward a bot: for the demo and for tests."""

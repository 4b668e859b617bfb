"""The Slack app: listeners that acknowledge, call and reply; blocks that are pure functions."""

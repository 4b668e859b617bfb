"""fivefifty: explains bounced e-mail in Slack and on the command line."""

__version__ = "0.1.0"

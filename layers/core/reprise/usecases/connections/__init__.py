"""Accounts elsewhere: proving one, keeping its credential, opening it again."""

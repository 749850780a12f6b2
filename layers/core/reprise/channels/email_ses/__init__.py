"""Email through Amazon SES."""

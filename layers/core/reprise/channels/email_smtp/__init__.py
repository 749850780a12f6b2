"""Email through an SMTP relay of the operator's own (`S0-04`, `S0-06`)."""

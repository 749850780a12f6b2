"""KMS: credentials at rest. Secrets Manager and SSM: secrets of the instance."""

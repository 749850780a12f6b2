"""What is remembered: DynamoDB items and S3 objects."""

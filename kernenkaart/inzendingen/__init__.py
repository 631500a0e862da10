"""What residents without an account send in, and who looks at it before it is public."""

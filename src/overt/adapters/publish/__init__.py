"""What the public sees: notices."""

"""What people say of the service: one answer for a slip, without a name."""

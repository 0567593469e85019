"""What a host types: `sportello run`, `check`, `tenants`, `transcript`."""

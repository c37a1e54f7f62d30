"""What runs a service, and what people on duty mend it with: it stands above the services."""

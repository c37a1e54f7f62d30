"""What two services use now, and nothing that knows of care or of who pays what."""

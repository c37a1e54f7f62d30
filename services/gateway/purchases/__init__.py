"""What is bought for a person, and how it is paid."""

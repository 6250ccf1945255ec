"""What tests build their meetings from."""

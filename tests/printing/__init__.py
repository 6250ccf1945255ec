"""What the office prints: the sheets, the pack, the zip sent ahead."""

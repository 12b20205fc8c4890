"""What articles state in numbers, each with its sentence: 数字 to readers, `figures` to programs."""

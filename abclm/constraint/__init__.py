"""What the model may write at each position: grammar, form, plan, header, and masks."""

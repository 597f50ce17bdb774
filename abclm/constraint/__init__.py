"""What may follow where: the grammar, the plan of the form, the header, masks."""

"""What funders owe one another at the end of a month, netted and invoiced for each pair."""

"""What is on the pages of funders and auditors, in the words of the books."""

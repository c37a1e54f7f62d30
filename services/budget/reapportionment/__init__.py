"""Disputed shares that were decided: past cost moves between funders, by journals."""

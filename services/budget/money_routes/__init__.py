"""By which way the money for an item of the plan goes, from a day on."""

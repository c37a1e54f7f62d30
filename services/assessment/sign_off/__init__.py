"""Sign-off: who decides on a signed plan, from the one who knows the person best upwards."""

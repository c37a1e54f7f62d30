"""Points: what one need comes to, in 28ths of a point and in pence."""

"""Card policies: how much dearer a purchase may be, where, and how long a card lives; by date."""

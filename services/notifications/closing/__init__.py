"""What was to be said to somebody who has died: it is over, and no more somebody's task."""

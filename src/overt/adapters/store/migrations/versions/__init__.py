"""One file a version of the tables; none is changed once it was released."""

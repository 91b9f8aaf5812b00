"""Plain files under the home folder."""

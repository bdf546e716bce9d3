"""Views of what is known: reports, lists, pages, badges."""

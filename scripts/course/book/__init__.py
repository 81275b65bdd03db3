"""Makes the book: from the Markdown files that read well by themselves to what Doxygen is given, and from its pages to
the book. "How this repository works" in CONTRIBUTING.md shows the way that a page takes."""

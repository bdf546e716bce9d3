"""The machinery of the dojo: a pytest plugin and a small command line. It has no code for a particular kata."""

__version__ = "2.0.0"

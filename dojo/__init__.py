"""The machinery of the dojo: a pytest plugin and a small command line. It knows nothing of any one kata."""

__version__ = "1.0.0"

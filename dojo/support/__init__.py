"""Modules that know nothing of katas: errors, text, files, styled lines, git, processes, pages and more."""

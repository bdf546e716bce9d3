"""Modules that know nothing about katas: errors, text, files, styled lines, git, processes, pages and more."""

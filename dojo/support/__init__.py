"""What knows nothing of katas: errors, text, files, styled lines, git, processes, versions, a bar, a page."""

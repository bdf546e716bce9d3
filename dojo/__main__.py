"""`python -m dojo`: the command line, if no script `dojo` is on the path."""

import sys

from dojo.cli import main

sys.exit(main())

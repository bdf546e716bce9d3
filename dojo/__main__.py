"""`python -m dojo`: the command line, even if the script `dojo` is not on the path."""

import sys

from dojo.cli import main

sys.exit(main())

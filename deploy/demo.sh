#!/bin/sh
# The main job, end to end, with real processes. Options: --once | --scans DIR | --folder DIR (see deploy/demo/job/__main__.py).
. "$(dirname -- "$0")/setup.sh"
make_environment deploy/runtime.lock
exec .venv/bin/python -m deploy.demo.job "$@"

"""Run ``flask`` commands in one process: loading the application takes long."""

import json
import sys

from kernenkaart.app import create_app

app = create_app()
runner = app.test_cli_runner()
for words in json.load(sys.stdin):
    with app.app_context():
        done = runner.invoke(args=words)
    if done.exit_code:
        sys.exit(f"{' '.join(words)}: {done.output}{done.exception!r}")

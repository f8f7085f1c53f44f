#!/bin/bash
# Stops the server that start.sh started for STATE_DIR, and no other. The domain is
# kept and starts again with start.sh; to forget it, remove STATE_DIR afterwards.
#
#   .ci/samba/stop.sh STATE_DIR
set -euo pipefail

state=$(realpath -m "${1:?usage: stop.sh STATE_DIR}")
if [ ! -e "$state/.orgit-samba" ]; then
	echo "samba: $state was not made by start.sh" >&2
	exit 1
fi
pidfile=$state/run/samba.pid

# Only the process that holds our pid file open is ours: a number left behind by a
# server that died may by now belong to somebody else.
ours() { [ -n "$1" ] && [ -n "$(find "/proc/$1/fd" -lname "$pidfile" 2>/dev/null)" ]; }

pid=
if [ -e "$pidfile" ]; then pid=$(tr -dc 0-9 <"$pidfile"); fi
if ours "$pid"; then
	kill -TERM "$pid"
	deadline=$((SECONDS + 10))
	while ours "$pid" && [ $SECONDS -lt $deadline ]; do sleep 0.05; done
	# A server in the middle of a long transaction does not listen to TERM.
	if ours "$pid"; then kill -KILL "$pid"; fi
fi
rm -f "$pidfile" "$state/env"

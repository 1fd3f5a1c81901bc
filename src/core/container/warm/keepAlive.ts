/** Said in the container's log by one that cannot end by itself. */
export const NO_SLEEP = "no sleep";

const MS_PER_SECOND = 1_000;
const SHORTEST_MS = 1_000;
/** For containers that are removed after each run: what is left to itself since its user died stays no longer than this. */
const ABANDONED_MS = 600_000;
/** How often it looks before it ends: an error of a twentieth at most. */
const LOOKS = 20;

/**
 * Waits as process 1, or as the child of an init, until nothing else has run in the container for a while, so that the
 * container ends also when nobody is left to stop it. Only the shell's own commands and `sleep`, for Debian's dash, bash
 * and BusyBox; it writes no file. SIGTERM ends it at once: process 1 gets only the signals that it has asked for, and
 * images ask for others to be stopped with.
 *
 * What runs is seen in two ways. Processes have a folder in /proc, whose names alone are looked at. And those that came
 * and went between two looks have taken a process ID: each `sleep` has the one after the last one's otherwise. `wait`
 * takes leave of whatever has ended with nobody else to do so.
 *
 * Without `sleep` it waits for an input that never comes, and whoever uses the container stops it.
 *
 * Arguments: seconds of a look, how many, and the same once more for a `sleep` that takes whole seconds only.
 */
const SCRIPT = `trap 'exit 0' HUP INT QUIT TERM USR1 WINCH
if ! sleep 0 2>/dev/null; then
  echo "${NO_SLEEP}"
  while read -r line; do :; done
  exit 0
fi
tick=$1 most=$2
sleep 0.01 2>/dev/null || { tick=$3 most=$4; }
sleep 0 &
last=$!
wait $last
idle=0
while [ "$idle" -lt "$most" ]; do
  sleep "$tick" </dev/null >/dev/null 2>&1 &
  own=$!
  wait $own
  idle=$((idle + 1))
  [ $own -eq $((last + 1)) ] || idle=0
  last=$own
  for process in /proc/[0-9]*; do
    case $process in /proc/1 | /proc/$$ | "/proc/[0-9]*") ;; *) idle=0 ;; esac
  done
done`;

/** How long a container goes on in which nothing runs, in milliseconds. */
export function idleLimit(keepWarmMs: number): number {
  return keepWarmMs === 0 ? ABANDONED_MS : Math.max(keepWarmMs, SHORTEST_MS);
}

/** argv of a container that goes on for `idleMs` after the last process in it. */
export function keepAliveCommand(idleMs: number): readonly string[] {
  const tickMs = idleMs / LOOKS;
  const wholeSeconds = Math.max(1, Math.round(tickMs / MS_PER_SECOND));
  return [
    ...["/bin/sh", "-c", SCRIPT, "slipway"],
    ...[(tickMs / MS_PER_SECOND).toFixed(2), String(LOOKS)],
    ...[String(wholeSeconds), String(Math.max(1, Math.round(idleMs / MS_PER_SECOND / wholeSeconds)))],
  ];
}
